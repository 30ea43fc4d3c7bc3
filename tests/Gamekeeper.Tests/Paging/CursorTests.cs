using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Gamekeeper.Paging;

namespace Gamekeeper.Tests.Paging;

public sealed class CursorTests
{
    private static readonly CursorKey Key = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    private static readonly string[] Columns = ["a", "b", "c", "d", "e", "f", "g", "id"];
    private static readonly Guid Owner = new("01935b7c-0000-7000-8000-000000000001");

    private static readonly CursorQuestion Newest = new CursorQuestion("cards", PageOrder.Descending, "created_at", "id").Where("owner", Owner);
    private static readonly DateTimeOffset At = new(2026, 11, 20, 8, 30, 0, 123, 456, TimeSpan.Zero);

    [Fact]
    public void Any_list_of_values_comes_back_as_it_went_in() =>
        Prop.ForAll(
                AnyValues().ToArbitrary(),
                values =>
                {
                    var question = new CursorQuestion("any", PageOrder.Ascending, Columns.AsSpan(..values.Length));
                    var read = Cursor.Read(Key, question, Cursor.Write(Key, question, values));
                    return read is CursorReading.Valid valid && valid.Values.SequenceEqual(values);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Flipping_any_single_bit_of_the_text_is_refused()
    {
        var text = Cursor.Write(Key, Newest, At, Owner);
        for (var position = 0; position < text.Length; position++)
        {
            for (var bit = 0; bit < 16; bit++)
            {
                var changed = text.ToCharArray();
                changed[position] ^= (char)(1 << bit);
                Cursor.Read(Key, Newest, new string(changed)).ShouldBeAssignableTo<CursorReading.Refused>($"bit {bit} of character {position}");
            }
        }
        Cursor.Read(Key, Newest, text).ShouldBeOfType<CursorReading.Valid>();
    }

    [Fact]
    public void Flipping_any_single_bit_of_any_cursor_is_refused() =>
        Prop.ForAll(
                AnyValues().ToArbitrary(),
                ArbMap.Default.ArbFor<NonNegativeInt>(),
                (values, where) =>
                {
                    var question = new CursorQuestion("any", PageOrder.Ascending, Columns.AsSpan(..values.Length));
                    var changed = Cursor.Write(Key, question, values).ToCharArray();
                    changed[where.Get % changed.Length] ^= (char)(1 << (where.Get % 7));
                    return Cursor.Read(Key, question, new string(changed)) is CursorReading.Refused;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_cursor_of_another_question_is_refused() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<(NonNull<string> List, bool Down, NonNull<string> Column, Guid Owner, long? State)>(),
                ArbMap.Default.ArbFor<(NonNull<string> List, bool Down, NonNull<string> Column, Guid Owner, long? State)>(),
                (one, other) =>
                {
                    var read = Cursor.Read(Key, Ask(other), Cursor.Write(Key, Ask(one), 1L, Owner));
                    return Equals(one, other) ? read is CursorReading.Valid : read is CursorReading.OtherQuestion;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_part_of_the_question_counts()
    {
        var text = Cursor.Write(Key, Newest, At, Owner);
        var cards = new CursorQuestion("cards", PageOrder.Descending, "created_at", "id");
        CursorQuestion[] others =
        [
            cards,
            cards.Where("owner", Guid.Empty),
            cards.Where("owner", CursorValue.Null),
            cards.Where("owner", Owner.ToString()),
            cards.Where("holder", Owner),
            Newest.Where("template", 7L),
            new CursorQuestion("trades", PageOrder.Descending, "created_at", "id").Where("owner", Owner),
            new CursorQuestion("cards", PageOrder.Ascending, "created_at", "id").Where("owner", Owner),
            new CursorQuestion("cards", PageOrder.Descending, "acquired_at", "id").Where("owner", Owner),
            new CursorQuestion("cards", PageOrder.Descending, "id").Where("owner", Owner),
        ];

        foreach (var other in others)
            Cursor.Read(Key, other, text).ShouldBeOfType<CursorReading.OtherQuestion>();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a cursor")]
    [InlineData("AQ==")]
    [InlineData("AQEAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ж")]
    public void What_was_never_a_cursor_is_malformed(string text) =>
        Cursor.Read(Key, Newest, text).ShouldBeOfType<CursorReading.Malformed>().Refusal.Code.ShouldBe("paging.cursor-malformed");

    [Fact]
    public void A_text_longer_than_any_cursor_is_malformed() =>
        Cursor.Read(Key, Newest, new string('A', Cursor.MaxLength + 1)).ShouldBeOfType<CursorReading.Malformed>();

    [Fact]
    public void White_space_and_padding_are_not_overlooked()
    {
        var text = Cursor.Write(Key, Newest, At, Owner);

        Cursor.Read(Key, Newest, text + " ").ShouldBeOfType<CursorReading.Malformed>();
        Cursor.Read(Key, Newest, text + "=").ShouldBeOfType<CursorReading.Malformed>();
        Cursor.Read(Key, Newest, text[..8] + "\n" + text[8..]).ShouldBeOfType<CursorReading.Malformed>();
    }

    [Fact]
    public void A_cursor_sealed_under_another_key_is_altered()
    {
        var other = CursorKey.DerivedFrom(RandomNumberGenerator.GetBytes(32));

        Cursor.Read(other, Newest, Cursor.Write(Key, Newest, At, Owner)).ShouldBeOfType<CursorReading.Altered>().Refusal.Code.ShouldBe("paging.cursor-altered");
    }

    [Fact]
    public void A_cursor_of_a_later_format_says_so()
    {
        var text = Cursor.Write(Key, Newest, At, Owner).ToCharArray();
        text[1] = 'g'; // "AQ…" spells format 1, "Ag…" format 2

        Cursor.Read(Key, Newest, new string(text)).ShouldBeOfType<CursorReading.Unsupported>().Version.ShouldBe((byte)2);
    }

    [Fact]
    public void One_master_key_gives_every_node_the_same_cursor_key()
    {
        var master = RandomNumberGenerator.GetBytes(32);
        var text = Cursor.Write(CursorKey.DerivedFrom(master), Newest, At, Owner);

        Cursor.Read(CursorKey.DerivedFrom(master), Newest, text).ShouldBeOfType<CursorReading.Valid>();
        Cursor.Read(new CursorKey(master), Newest, text).ShouldBeOfType<CursorReading.Altered>();
    }

    /// <summary>Changing this text breaks every cursor that players hold: the format needs a new number then.</summary>
    [Fact]
    public void The_format_of_today_stays_readable()
    {
        const string today = "AQE02W-sbu1TVowM9pATutcDAgUA4yCwC_L0QAEBk1t8AABwAIAAAAAAAAAB94c6YFH4SVUJg1EqnEPMMw";

        Cursor.Write(Key, Newest, At, Owner).ShouldBe(today);
        var valid = Cursor.Read(Key, Newest, today).ShouldBeOfType<CursorReading.Valid>();
        valid.Values[0].Instant.ShouldBe(At);
        valid.Values[1].Guid.ShouldBe(Owner);
    }

    [Fact]
    public void A_programmer_who_gives_other_values_than_the_list_sorts_by_is_told()
    {
        Should.Throw<ArgumentException>(() => Cursor.Write(Key, Newest, Owner));
        Should.Throw<ArgumentException>(() => Cursor.Write(Key, Newest, At.AddTicks(1), Owner));
        Should.Throw<ArgumentException>(() => Cursor.Write(Key, Newest, "\ud800", Owner));
        Should.Throw<ArgumentException>(() => Cursor.Write(Key, Newest, new string('x', Cursor.MaxLength), Owner));
        Should.Throw<ArgumentException>(() => new CursorKey(new byte[31]));
        Should.Throw<InvalidOperationException>(() => ((CursorValue)7L).Guid);
    }

    private static CursorQuestion Ask((NonNull<string> List, bool Down, NonNull<string> Column, Guid Owner, long? State) by) =>
        new CursorQuestion("list" + Sound(by.List.Get), by.Down ? PageOrder.Descending : PageOrder.Ascending, "c" + Sound(by.Column.Get), "id")
            .Where("owner", by.Owner)
            .Where("state", by.State);

    private static Gen<CursorValue[]> AnyValues() =>
        from count in Gen.Choose(1, Columns.Length)
        from values in AnyValue().ArrayOf(count)
        select values;

    private static Gen<CursorValue> AnyValue() =>
        Gen.OneOf(
            Gen.Constant(CursorValue.Null),
            ArbMap.Default.GeneratorFor<Guid>().Select(v => (CursorValue)v),
            ArbMap.Default.GeneratorFor<long>().Select(v => (CursorValue)v),
            Gen.Elements<CursorValue>(long.MinValue, long.MaxValue, 0L, -1L),
            ArbMap.Default.GeneratorFor<double>().Select(v => (CursorValue)v),
            ArbMap.Default.GeneratorFor<NonNull<string>>().Select(v => (CursorValue)Sound(v.Get)),
            Gen.Elements<CursorValue>("", "жук", "🂡", "'; drop table x; --"),
            ArbMap.Default.GeneratorFor<DateTimeOffset>().Select(v => (CursorValue)v.AddTicks(-(v.UtcTicks % TimeSpan.TicksPerMicrosecond)))
        );

    // PostgreSQL holds no half of a surrogate pair.
    private static string Sound(string text) => string.Concat(text.EnumerateRunes());
}
