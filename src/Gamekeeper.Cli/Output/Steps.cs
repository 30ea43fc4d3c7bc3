using Spectre.Console;

namespace Gamekeeper.Cli.Output;

/// <summary>Where long work tells how far it is. Two of them: bars for someone who watches, lines for a log.</summary>
internal interface IStepReport
{
    /// <summary>Begins a step; its total is unknown until <see cref="IStep.Advance"/> tells one.</summary>
    IStep Begin(string name);
}

/// <summary>One step of long work.</summary>
internal interface IStep
{
    /// <summary>So much is done, of so much when that is known.</summary>
    void Advance(long done, long? total);

    /// <summary>Something a person should know meanwhile.</summary>
    void Note(string line);

    /// <summary>Done, with a word on what came out.</summary>
    void End(string result);
}

internal sealed class PlainSteps(TextWriter talk) : IStepReport
{
    public IStep Begin(string name) => new Step(talk, name);

    private sealed class Step(TextWriter talk, string name) : IStep
    {
        private long _spoken;

        public void Advance(long done, long? total)
        {
            // A line for each tenth, or for each doubling where there is no total: a log is read, not watched.
            var mark = total is > 0 ? done * 10 / total.Value : done < 1000 ? 0 : long.Log2(done);
            if (mark <= _spoken)
                return;
            _spoken = mark;
            talk.WriteLine(total is > 0 ? $"{name}: {done * 100 / total.Value} %" : $"{name}: {done}");
        }

        public void Note(string line) => talk.WriteLine($"{name}: {line}");

        public void End(string result) => talk.WriteLine($"{name}: {result}");
    }
}

internal sealed class BarSteps(ProgressContext context, IAnsiConsole console) : IStepReport
{
    public IStep Begin(string name) => new Step(console, name, context.AddTask(Markup.Escape(name), autoStart: true, maxValue: 1));

    private sealed class Step : IStep
    {
        private readonly IAnsiConsole _console;
        private readonly string _name;
        private readonly ProgressTask _task;

        public Step(IAnsiConsole console, string name, ProgressTask task)
        {
            (_console, _name, _task) = (console, name, task);
            _task.IsIndeterminate = true;
        }

        // Above the bars, which are drawn again below it.
        public void Note(string line) => _console.WriteLine($"{_name}: {line}");

        public void Advance(long done, long? total)
        {
            if (total is > 0)
            {
                _task.IsIndeterminate = false;
                _task.MaxValue = total.Value;
                _task.Value = done;
            }
            else
            {
                _task.Description = Markup.Escape($"{_name} ({done})");
            }
        }

        public void End(string result)
        {
            _task.IsIndeterminate = false;
            _task.Description = Markup.Escape($"{_name}: {result}");
            _task.Value = _task.MaxValue;
            _task.StopTask();
        }
    }
}
