using System.Security.Cryptography;
using System.Text.Json;
using Gamekeeper.Storage;

namespace Gamekeeper.Integrity.Checkpoints;

/// <summary>
/// Checks a copy of the checkpoints by itself, with public keys alone: for whoever was given the folder and trusts neither the database nor
/// the server. docs/reference/checkpoint-format.md says how to do the same with other tools.
/// </summary>
public sealed class CheckFolder
{
    private readonly IObjectStore _store;
    private readonly Dictionary<string, SigningKey> _keys = new(StringComparer.Ordinal);
    private readonly List<InvariantBreach> _breaches = [];

    /// <param name="store">Where the copy is.</param>
    /// <param name="publicKeys">PEM of every key that may have signed; each text may hold several.</param>
    /// <exception cref="ArgumentException">A text holds no public key of the curve P-256.</exception>
    public CheckFolder(IObjectStore store, IEnumerable<string> publicKeys)
    {
        _store = store;
        foreach (var key in publicKeys.SelectMany(Read))
            _keys[key.Id] = key;
    }

    /// <summary>Follows the chain back from the newest and checks every link, signature and root.</summary>
    public async Task<FolderReport> RunAsync(CancellationToken cancellationToken = default)
    {
        _breaches.Clear();
        var numbers = new SortedSet<long>();
        await foreach (var name in _store.ListAsync(SignedCheckpoint.Prefix, cancellationToken))
        {
            if (SignedCheckpoint.NumberOf(name.ToString()) is { } number)
                numbers.Add(number);
        }
        var chain = await ChainAsync(numbers, cancellationToken);
        SignedCheckpoint? previous = null;
        var rows = 0L;
        foreach (var number in chain)
        {
            var signed = (await ReadAsync(number, cancellationToken))!;
            numbers.Remove(number);
            foreach (var finding in ChainRule.Problems(previous, signed))
                Say(number, finding);
            previous = signed;
            if (ChainRule.SignatureProblem(_keys.GetValueOrDefault(signed.KeyId), signed) is { } problem)
            {
                // Nobody vouches for what it says: it may name anything as its leaves.
                Say(number, problem);
                continue;
            }
            if (signed.Said.Abandons is { } lost)
                numbers.RemoveWhere(n => n >= lost.First && n <= lost.Last);
            await CheckLeavesAsync(signed.Said, cancellationToken);
            rows += signed.Said.Sources.Sum(s => s.Rows);
        }
        foreach (var number in numbers)
            Say(number, "belongs to no chain that ends with the newest one");
        return new(chain.Count, rows, previous?.Number, previous is null ? null : Convert.ToHexStringLower(previous.Hash), previous?.Said.At, _breaches);
    }

    private async Task<List<long>> ChainAsync(SortedSet<long> numbers, CancellationToken cancellationToken)
    {
        var chain = new List<long>();
        long? number = numbers.Count > 0 ? numbers.Max : null;
        while (number is { } here)
        {
            if (await ReadAsync(here, cancellationToken) is not { } signed)
            {
                Say(here, "is missing or cannot be read");
                break;
            }
            chain.Add(here);
            // Backwards only, or a forged one could lead round in a circle.
            number = signed.Said.Previous is { } previous && previous.Number < here ? previous.Number : null;
        }
        chain.Reverse();
        return chain;
    }

    private async Task CheckLeavesAsync(Checkpoint said, CancellationToken cancellationToken)
    {
        var roots = new Dictionary<string, (MerkleRoot Root, NumberRanges Numbers)>(StringComparer.Ordinal);
        if (said.Leaves is { } leaves)
        {
            if (await CheckChain.LeavesProblemAsync(_store, leaves, cancellationToken) is { } problem)
            {
                Say(said.Number, problem);
                return;
            }
            await using var content = await _store.GetAsync(new ObjectName(leaves.Object), cancellationToken);
            await foreach (var (source, leaf) in Leaves.ReadAsync(content!, cancellationToken))
            {
                if (!roots.TryGetValue(source, out var made))
                    roots.Add(source, made = (new MerkleRoot(), new NumberRanges()));
                made.Root.Add(leaf.Hash);
                made.Numbers.Add(leaf.Number);
            }
        }
        foreach (var cut in said.Sources)
        {
            var holds = roots.TryGetValue(cut.Name, out var made)
                ? made.Root.Count == cut.Rows && made.Numbers.All.SequenceEqual(cut.Covered) && Convert.ToHexStringLower(made.Root.Finish()) == cut.Root
                : cut is { Rows: 0, Root: null, Covered.Count: 0 };
            if (!holds)
                Say(said.Number, $"its leaves do not make the root that it states for {cut.Name}");
        }
    }

    private async Task<SignedCheckpoint?> ReadAsync(long number, CancellationToken cancellationToken)
    {
        await using var content = await _store.GetAsync(new ObjectName(SignedCheckpoint.NameOf(number)), cancellationToken);
        if (content is null)
            return null;
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        try
        {
            return SignedCheckpoint.OfObject(copy.ToArray()) is { } signed && signed.Number == number ? signed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Say(long number, string finding) => _breaches.Add(new("checkpoints", $"{number}", finding));

    private static List<SigningKey> Read(string pem)
    {
        var keys = new List<SigningKey>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (!rest[fields.Label].SequenceEqual("PUBLIC KEY"))
                continue;
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(rest[fields.Location]);
            var bytes = ecdsa.ExportSubjectPublicKeyInfo();
            keys.Add(new SigningKey(SigningKey.IdOf(bytes), bytes, null));
        }
        return keys.Count > 0 ? keys : throw new ArgumentException("The text holds no PEM of a public key.", nameof(pem));
    }
}

/// <summary>What a check of a folder found.</summary>
/// <param name="Checkpoints">How many make the chain.</param>
/// <param name="Rows">How many rows they cover.</param>
/// <param name="Newest">The newest one's number; null in an empty folder.</param>
/// <param name="NewestHash">SHA-256 of its text: compare it with what others were given.</param>
/// <param name="NewestAt">When it was made.</param>
/// <param name="Breaches">What does not hold.</param>
public sealed record FolderReport(
    long Checkpoints,
    long Rows,
    long? Newest,
    string? NewestHash,
    DateTimeOffset? NewestAt,
    IReadOnlyList<InvariantBreach> Breaches
);
