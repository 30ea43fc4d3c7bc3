using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gamekeeper.Redis;

namespace Gamekeeper.Tests.Redis;

public sealed class RespParserTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        One("+OK\r\n").Text.ShouldBe("OK");
        One(":-42\r\n").Integer.ShouldBe(-42);
        One("$5\r\nhello\r\n").Bytes.ShouldBe("hello"u8.ToArray());
        One("$0\r\n\r\n").Bytes.ShouldBe([]);
        One("$4\r\n\r\n\r\n\r\n").Text.ShouldBe("\r\n\r\n");
        One("_\r\n").IsNull.ShouldBeTrue();
        One("$-1\r\n").Bytes.ShouldBeNull();
        One("*-1\r\n").IsNull.ShouldBeTrue();
        One(",1.5\r\n").Number.ShouldBe(1.5);
        One(",-inf\r\n").Number.ShouldBe(double.NegativeInfinity);
        One(",nan\r\n").Number.ShouldBe(double.NaN);
        One("#t\r\n").Boolean.ShouldBeTrue();
        One("(3492890328409238509324850943850943825024385\r\n").Text.ShouldStartWith("34928");
        One("=15\r\ntxt:Some string\r\n").Text.ShouldBe("Some string");
        One("%1\r\n+a\r\n:1\r\n").Items.Length.ShouldBe(2);
        One("~2\r\n:1\r\n:2\r\n").Items[1].Integer.ShouldBe(2);
        One("*0\r\n").Items.Length.ShouldBe(0);
        One("|1\r\n+ttl\r\n:3600\r\n*1\r\n|0\r\n:7\r\n").Items[0].Integer.ShouldBe(7, "remarks are passed over");
        One(">2\r\n+message\r\n:1\r\n").Type.ShouldBe(RedisReplyType.Push);
    }

    [Fact]
    public void A_refusal_has_its_code_and_is_thrown_by_whoever_asks_for_a_value()
    {
        var reply = One("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
        reply.Error.ShouldNotBeNull().Code.ShouldBe("WRONGTYPE");
        Should.Throw<RedisException>(() => reply.Bytes).Kind.ShouldBe(RedisFailure.Refused);
        One("!21\r\nSYNTAX invalid syntax\r\n").Error.ShouldNotBeNull().Code.ShouldBe("SYNTAX");
        Should.Throw<RedisException>(() => One(":1\r\n").Bytes).Kind.ShouldBe(RedisFailure.Protocol);
    }

    [Fact]
    public void An_unknown_command_is_not_repeated_with_its_arguments() =>
        One("-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'app' 'hunter2'\r\n").Error.ShouldNotBeNull().Message.ShouldNotContain("hunter2");

    [Fact]
    public void Split_at_every_byte_it_reads_the_same()
    {
        var wire = "*3\r\n$5\r\nhello\r\n%1\r\n+k\r\n*2\r\n:1\r\n_\r\n=7\r\ntxt:abc\r\n>1\r\n+x\r\n-ERR no\r\n|1\r\n+a\r\n+b\r\n,2.5\r\n"u8.ToArray();
        var whole = Shown(wire, [wire.Length]);
        whole.Count.ShouldBe(4);
        for (var at = 1; at < wire.Length; at++)
            Shown(wire, [at, wire.Length - at]).ShouldBe(whole, $"split at {at}");
        Shown(wire, [.. Enumerable.Repeat(1, wire.Length)]).ShouldBe(whole, "byte by byte");
    }

    [Fact]
    public void Cut_off_anywhere_it_waits_for_the_rest()
    {
        var wire = "*2\r\n$3\r\nabc\r\n%1\r\n+k\r\n:1\r\n"u8.ToArray();
        for (var length = 0; length < wire.Length; length++)
            new RespParser(new RespLimits()).TryRead(wire.AsSpan(0, length), out _, out _).ShouldBeFalse($"after {length} bytes");
    }

    [Theory]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999999\r\n")]
    [InlineData("$99999999999999999999999\r\n")]
    [InlineData("$67108865\r\n")]
    [InlineData("$\r\n")]
    [InlineData("$abc\r\n")]
    [InlineData("$+3\r\nabc\r\n")]
    [InlineData("$?\r\n")]
    [InlineData("=-1\r\n")]
    [InlineData("*-5\r\n")]
    [InlineData("*9999999999\r\n")]
    [InlineData("*1048577\r\n")]
    [InlineData("%600000\r\n")]
    [InlineData("%-1\r\n")]
    [InlineData("*1\r\n>1\r\n:1\r\n")]
    [InlineData("*2\r\n*1048575\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")]
    [InlineData("$3\r\nabcde")]
    [InlineData("$3\r\nabc\n\r")]
    [InlineData("$0\r\nab")]
    [InlineData(":\r\n")]
    [InlineData(":12x\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("#y\r\n")]
    [InlineData("_x\r\n")]
    [InlineData(",one\r\n")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("+OK\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public void Hostile_bytes_are_refused(string wire) =>
        Should.Throw<RedisException>(() => One(wire)).Kind.ShouldBe(RedisFailure.Protocol);

    [Fact]
    public void A_line_without_end_is_refused() =>
        Should.Throw<RedisException>(() => One("+" + new string('x', RespLimits.MaxLine + 1))).Kind.ShouldBe(RedisFailure.Protocol);

    [Theory]
    [InlineData("$10\r\n0123456789\r\n")]
    [InlineData(":1234567890\r\n")]
    public void An_answer_of_many_small_parts_is_as_limited_as_one_large_one(string part)
    {
        var parser = new RespParser(new RespLimits(MaxReplyBytes: 1000));
        var wire = Encoding.ASCII.GetBytes("*100\r\n" + string.Concat(Enumerable.Repeat(part, 100)));
        Should.Throw<RedisException>(() => parser.TryRead(wire, out _, out _)).Message.ShouldContain("1000");
    }

    [Fact]
    public void No_room_is_made_for_what_is_only_promised()
    {
        string[] promises = ["$60000000\r\nabc", "*1000000\r\n", "*5\r\n*200000\r\n*200000\r\n*200000\r\n*200000\r\n"];
        foreach (var promise in promises)
        {
            var wire = Encoding.ASCII.GetBytes(promise);
            var before = GC.GetAllocatedBytesForCurrentThread();
            new RespParser(new RespLimits()).TryRead(wire, out _, out _).ShouldBeFalse();
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000, promise);
        }
    }

    [Fact]
    public void A_large_text_arrives_whole_in_whatever_pieces()
    {
        var text = new byte[3_000_000];
        new Random(1).NextBytes(text);
        byte[] wire = [.. Encoding.ASCII.GetBytes($"${text.Length}\r\n"), .. text, .. "\r\n"u8];
        Read(wire, [.. Enumerable.Repeat(70_001, wire.Length / 70_001), wire.Length % 70_001]).ShouldHaveSingleItem().Bytes.ShouldBe(text);
    }

    [Fact]
    public void What_is_written_in_any_pieces_is_read_as_it_was() =>
        Prop.ForAll(
                (from value in Values(4) from cuts in Gen.Choose(1, 9).ListOf() select (value, cuts)).ToArbitrary(),
                sample =>
                {
                    var wire = Encoding.Latin1.GetBytes(sample.value.Wire);
                    Shown(wire, Pieces(wire.Length, sample.cuts)).ShouldBe([sample.value.Shown]);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_comes_it_is_read_or_refused() =>
        Prop.ForAll(
                Gen.Elements("$*%~>|+-:,#_=!(0123456789-\r\n\r\n\r\nabt?".ToCharArray()).ListOf().ToArbitrary(),
                bytes =>
                {
                    var input = Encoding.ASCII.GetBytes([.. bytes]).AsSpan();
                    var parser = new RespParser(new RespLimits(MaxReplyBytes: 10_000, MaxElements: 1000));
                    try
                    {
                        while (parser.TryRead(input, out var consumed, out _))
                            input = input[consumed..];
                    }
                    catch (RedisException refused)
                    {
                        refused.Kind.ShouldBe(RedisFailure.Protocol);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static RedisReply One(string wire)
    {
        new RespParser(new RespLimits()).TryRead(Encoding.ASCII.GetBytes(wire), out var consumed, out var reply).ShouldBeTrue(wire);
        consumed.ShouldBe(wire.Length);
        return reply;
    }

    private static List<string> Shown(byte[] wire, IEnumerable<int> pieces) => [.. Read(wire, pieces).Select(Show)];

    // As a connection does: what was not consumed comes again in front of the next piece.
    private static List<RedisReply> Read(byte[] wire, IEnumerable<int> pieces)
    {
        var parser = new RespParser(new RespLimits());
        var replies = new List<RedisReply>();
        var (start, end) = (0, 0);
        foreach (var piece in pieces)
        {
            end += piece;
            bool isWhole;
            do
            {
                isWhole = parser.TryRead(wire.AsSpan(start, end - start), out var consumed, out var reply);
                start += consumed;
                if (isWhole)
                    replies.Add(reply);
            } while (isWhole);
        }
        start.ShouldBe(wire.Length);
        return replies;
    }

    private static List<int> Pieces(int length, IEnumerable<int> cuts)
    {
        var pieces = new List<int>();
        foreach (var cut in cuts.TakeWhile(_ => length > 0))
        {
            pieces.Add(Math.Min(cut, length));
            length -= pieces[^1];
        }
        return [.. pieces, length];
    }

    private static string Show(RedisReply reply)
    {
        if (reply.Type is not (RedisReplyType.Array or RedisReplyType.Map or RedisReplyType.Push))
            return reply.Error is { } error ? $"-{error.Message}" : reply.IsNull ? "null" : reply.Type == RedisReplyType.Text ? $"'{Encoding.Latin1.GetString(reply.Bytes!)}'" : $"{reply.Number}";
        var parts = new List<string>();
        foreach (var item in reply.Items)
            parts.Add(Show(item));
        return $"[{string.Join(' ', parts)}]";
    }

    private static Gen<Sample> Values(int depth)
    {
        var texts =
            from characters in Gen.Choose(0, 255).ListOf()
            let text = string.Concat(characters.Select(c => (char)c))
            select new Sample($"${text.Length}\r\n{text}\r\n", $"'{text}'");
        var numbers = Gen.Choose(-1000, 1000).Select(n => new Sample($":{n}\r\n", $"{n}"));
        var others = Gen.Elements(new Sample("_\r\n", "null"), new Sample("-ERR x\r\n", "-ERR x"), new Sample("+OK\r\n", "'OK'"));
        if (depth == 0)
            return Gen.OneOf(texts, numbers, others);
        var arrays =
            from items in Gen.Choose(0, 20).SelectMany(n => Values(depth - 1).ListOf(n))
            select new Sample($"*{items.Count}\r\n{string.Concat(items.Select(i => i.Wire))}", $"[{string.Join(' ', items.Select(i => i.Shown))}]");
        return Gen.OneOf(texts, numbers, others, arrays);
    }

    private sealed record Sample(string Wire, string Shown);
}
