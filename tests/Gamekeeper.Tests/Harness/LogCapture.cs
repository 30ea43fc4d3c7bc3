using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gamekeeper.Tests.Harness;

/// <summary>Keeps everything that is logged: message, values, exception and scopes, as any log of the world might write it down.</summary>
internal sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // What was kept is read after the logging has ended, too.
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var parts = new List<string> { formatter(state, exception), Values(state), exception?.ToString() ?? "" };
            capture._scopes.ForEachScope((scope, all) => all.Add($"{scope} {Values(scope)}"), parts);
            capture._entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, string.Join('\n', parts.Where(p => p.Length > 0))));
        }

        private static string Values(object? state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(v => $"{v.Key}={v.Value}")) : "";
    }
}

internal sealed record LogEntry(string Category, LogLevel Level, int EventId, string Text);
