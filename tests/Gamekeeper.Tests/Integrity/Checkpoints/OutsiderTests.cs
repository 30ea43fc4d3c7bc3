using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gamekeeper.Integrity;

namespace Gamekeeper.Tests.Integrity.Checkpoints;

/// <summary>
/// Somebody with the folder and the public keys, and with no line of ours: what docs/reference/checkpoint-format.md says is enough.
/// </summary>
public sealed class OutsiderTests
{
    [Fact]
    public async Task The_folder_is_checked_by_the_published_format_alone()
    {
        await using var world = await CheckpointWorld.CreateAsync();
        var player = await world.Grid.NewPlayerAsync();
        var covered = new List<Guid>();
        for (var i = 1; i <= 3; i++)
        {
            covered.AddRange(await world.Grid.MintAsync(player, 3 * i));
            await world.MakeAsync();
        }
        var keys = (await world.Grid.Get<SigningKeyRing>().PublicKeysAsync()).ToDictionary(k => k.Id, k => k.Pem);

        var seen = Check(world.Folder, keys);
        seen.Count.ShouldBeGreaterThan(18);
        foreach (var card in covered)
            seen.ShouldContain($"summoners_grid.ownership_history {card}/1");

        // And it can fail: one letter of one leaf, one of one text.
        var leaves = Directory.GetFiles(Path.Combine(world.Folder, "checkpoints"), "*.gz").Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(leaves);
        await File.WriteAllBytesAsync(leaves, [.. bytes, 0]);
        Should.Throw<ShouldAssertException>(() => Check(world.Folder, keys));
        await File.WriteAllBytesAsync(leaves, bytes);
        Check(world.Folder, keys);
        var text = Path.Combine(world.Folder, "checkpoints", "00000002.json");
        await File.WriteAllTextAsync(text, (await File.ReadAllTextAsync(text)).Replace("\\\"rows\\\":1", "\\\"rows\\\":2", StringComparison.Ordinal));
        Should.Throw<ShouldAssertException>(() => Check(world.Folder, keys));
    }

    private static HashSet<string> Check(string folder, Dictionary<string, string> keys)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? previous = null;
        var number = 0;
        while (File.Exists(Path.Combine(folder, "checkpoints", $"{++number:00000000}.json")))
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "checkpoints", $"{number:00000000}.json")));
            var payload = Encoding.UTF8.GetBytes(file.RootElement.GetProperty("payload").GetString()!);
            using var key = ECDsa.Create();
            key.ImportFromPem(keys[file.RootElement.GetProperty("keyId").GetString()!]);
            key.VerifyData(payload, Convert.FromHexString(file.RootElement.GetProperty("signature").GetString()!), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation).ShouldBeTrue();

            using var said = JsonDocument.Parse(payload);
            var root = said.RootElement;
            root.GetProperty("format").GetString().ShouldBe("gamekeeper.checkpoint/1");
            root.GetProperty("number").GetInt32().ShouldBe(number);
            (number == 1 ? null : root.GetProperty("previous").GetProperty("hash").GetString()).ShouldBe(previous);
            previous = Convert.ToHexStringLower(SHA256.HashData(payload));

            var leaves = root.GetProperty("leaves");
            var content = File.ReadAllBytes(Path.Combine(folder, leaves.GetProperty("object").GetString()!));
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(leaves.GetProperty("sha256").GetString());
            using var lines = new StreamReader(new GZipStream(new MemoryStream(content), CompressionMode.Decompress));
            var hashes = lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToLookup(l => l[0]);
            foreach (var source in root.GetProperty("sources").EnumerateArray())
            {
                var name = source.GetProperty("name").GetString()!;
                var rows = hashes[name].ToList();
                rows.Count.ShouldBe(source.GetProperty("rows").GetInt32());
                rows.Select(r => long.Parse(r[1])).Distinct().ShouldBe(
                    source.GetProperty("covered").EnumerateArray().SelectMany(r => Between(r[0].GetInt64(), r[1].GetInt64())));
                if (rows.Count > 0)
                    Convert.ToHexStringLower(Root([.. rows.Select(r => Convert.FromHexString(r[3]))])).ShouldBe(source.GetProperty("root").GetString());
                seen.UnionWith(rows.Select(r => $"{name} {r[2]}"));
            }
        }
        return seen;
    }

    private static IEnumerable<long> Between(long first, long last)
    {
        for (var n = first; n <= last; n++)
            yield return n;
    }

    // RFC 6962, section 2.1, as it is written there.
    private static byte[] Root(byte[][] hashes)
    {
        if (hashes.Length == 1)
            return SHA256.HashData([0, .. hashes[0]]);
        var k = 1;
        while (k * 2 < hashes.Length)
            k *= 2;
        return SHA256.HashData([1, .. Root(hashes[..k]), .. Root(hashes[k..])]);
    }
}
