using System.Diagnostics.CodeAnalysis;

namespace Gamekeeper.Redis;

/// <summary>The commands of one connection that wait for an answer, in the order in which they were sent. Not thread-safe.</summary>
internal sealed class PendingLine
{
    private PendingCommand?[] _ring = new PendingCommand?[64];
    private int _head;

    public int Count { get; private set; }

    public PendingCommand this[int index] => _ring[(_head + index) & (_ring.Length - 1)]!;

    public void Add(PendingCommand command)
    {
        if (Count == _ring.Length)
            Grow();
        _ring[(_head + Count++) & (_ring.Length - 1)] = command;
    }

    public bool TryTake([NotNullWhen(true)] out PendingCommand? command)
    {
        command = _ring[_head];
        if (Count == 0 || command is null)
            return false;
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return true;
    }

    private void Grow()
    {
        var larger = new PendingCommand?[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        (_ring, _head) = (larger, 0);
    }
}
