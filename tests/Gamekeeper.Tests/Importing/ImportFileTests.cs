using System.IO.Compression;
using System.Text;
using Gamekeeper.Importing;

namespace Gamekeeper.Tests.Importing;

/// <summary>What lies in a file is read whole, or said to be unreadable; never quietly a part of it.</summary>
public sealed class ImportFileTests
{
    [Fact]
    public async Task Every_line_is_found_wherever_blocks_and_long_lines_end()
    {
        var text = new StringBuilder("\uFEFF{\"a\":1}\r\n\n   \n");
        text.Append('x', ImportFile.MaxLineBytes).Append('\n');
        text.Append('y', ImportFile.MaxLineBytes + 1).Append('\n');
        text.Append("last");

        var lines = await ReadAsync(Encoding.UTF8.GetBytes(text.ToString()));

        lines.Select(l => l.Number).ShouldBe([1L, 4, 5, 6]);
        Encoding.UTF8.GetString(lines[0].Bytes).ShouldBe("{\"a\":1}");
        lines[1].Bytes.Length.ShouldBe(ImportFile.MaxLineBytes);
        lines[2].IsTooLong.ShouldBeTrue();
        Encoding.UTF8.GetString(lines[3].Bytes).ShouldBe("last");
    }

    [Fact]
    public async Task Packed_files_are_read_to_their_end_also_when_they_were_joined()
    {
        var joined = Packed("one\ntwo\n").Concat(Packed("three\n")).ToArray();

        (await ReadAsync(joined)).Select(l => Encoding.UTF8.GetString(l.Bytes)).ShouldBe(["one", "two", "three"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(200)]
    [InlineData(-20)]
    public async Task A_packed_file_that_was_cut_off_is_unreadable_and_not_shorter(int missing)
    {
        var lines = string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"username\": \"player{i * 7919}\"}}\n"));
        var whole = Packed(lines);
        var cut = whole[..(missing > 0 ? whole.Length - missing : -missing)];

        (await Should.ThrowAsync<GamekeeperException>(() => ReadAsync(cut))).Code.ShouldBe("imports.file-unreadable");
    }

    [Fact]
    public async Task A_file_that_changes_between_its_two_readings_is_refused_at_the_end()
    {
        var readings = 0;
        var file = await ImportFile.OpenAsync(() => new MemoryStream(Encoding.UTF8.GetBytes(readings++ == 0 ? "one\n" : "two\n")), Token);

        (await Should.ThrowAsync<GamekeeperException>(() => ReadAsync(file))).Code.ShouldBe("imports.file-changed");
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static async Task<List<ImportLine>> ReadAsync(byte[] bytes) =>
        await ReadAsync(await ImportFile.OpenAsync(() => new MemoryStream(bytes), Token));

    private static async Task<List<ImportLine>> ReadAsync(ImportFile file)
    {
        var lines = new List<ImportLine>();
        await foreach (var line in file.LinesAsync(Token))
            lines.Add(line);
        return lines;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
