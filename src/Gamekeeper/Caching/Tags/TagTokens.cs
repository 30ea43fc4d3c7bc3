namespace Gamekeeper.Caching.Tags;

/// <summary>
/// Stamps values with the tokens of their tags, and says whether a stamp still counts. Tokens are cached values of their own, fresh ones: what
/// is promised of any value (dropped means dropped on every node, before whoever asked for it is answered) is promised of them, and so of
/// everything that bears them. A node that may not use its cache gets a token that nobody else has: what it stamps counts nowhere, and
/// nothing counts for it.
/// </summary>
internal sealed class TagTokens(GameCache cache)
{
    /// <summary>Taken before a load begins: a removal meanwhile makes the load's value void before it is there.</summary>
    public async ValueTask<TagStamp> TakeAsync(IReadOnlyList<string> tags)
    {
        var marks = new TagMark[tags.Count];
        for (var i = 0; i < marks.Length; i++)
            marks[i] = new(tags[i], await NowAsync(tags[i]));
        return new(marks);
    }

    /// <summary>True while no tag was removed since. Completes at once where all tokens are in memory.</summary>
    public async ValueTask<bool> HoldsAsync(TagStamp stamp)
    {
        foreach (var mark in stamp.Marks)
            if (await NowAsync(mark.Tag) != mark.Token)
                return false;
        return true;
    }

    private async ValueTask<Guid> NowAsync(string tag) =>
        (await cache.GetAsync(TagToken.Key, tag, 0, static (_, _, _) => Task.FromResult<TagToken?>(TagToken.New())))!.Value;
}
