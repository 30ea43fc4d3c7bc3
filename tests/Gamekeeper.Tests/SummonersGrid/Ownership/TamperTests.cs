using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Transactions;

namespace Gamekeeper.Tests.SummonersGrid.Ownership;

/// <summary>
/// A superuser may alter anything, and is found out: whatever column of whatever row. Each attack is tried on a database that held
/// before, and undone by copying the row back.
/// </summary>
public sealed class TamperTests : IAsyncLifetime
{
    private GridWorld _world = null!;
    private Actor _a = null!;
    private Actor _b = null!;
    private Guid _travelled;
    private Guid _neverMoved;

    public async ValueTask InitializeAsync()
    {
        _world = await GridWorld.CreateAsync();
        (_a, _b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var cards = await _world.MintAsync(_a, 3);
        (_travelled, _neverMoved) = (cards[0], cards[1]);
        await _world.TransferAsync(_travelled, _a, _b);
        var trade = await _world.ProposeAsync(_a, _b, [cards[2]], [_travelled]);
        (await _world.AcceptAsync(_b, trade)).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await _world.TransferAsync(_travelled, _a, _b);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("first", 1)]
    [InlineData("middle", 2)]
    [InlineData("last", 4)]
    [InlineData("only", 1)]
    public async Task Altering_any_column_of_a_history_row_is_named(string which, int position)
    {
        var card = which == "only" ? _neverMoved : _travelled;
        var row = await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"select id from summoners_grid.ownership_history where card_instance_id = '{card}' and position = {position}"
        );
        var columns = await ColumnsAsync("ownership_history");
        columns.Count.ShouldBe(12);
        foreach (var column in columns)
        {
            var attack = $"update summoners_grid.ownership_history set {column} = {Altered(column)} where id = '{row}'";
            var breaches = await AttackedAsync("ownership_history", attack);
            breaches.ShouldNotBeEmpty($"altering {column} of the {which} row went unseen");
            breaches.ShouldContain(
                b => b.Key == row.ToString() || b.Key == card.ToString() || b.Finding.Contains(card.ToString()) || b.Table.EndsWith("operations"),
                $"altering {column} of the {which} row was seen elsewhere: {string.Join("; ", breaches)}"
            );
        }
    }

    [Fact]
    public async Task Altering_any_column_of_a_signed_operation_is_named()
    {
        var operation = await _world.Database.ScalarAsync<Guid>(
            TestRole.Superuser,
            $"select operation_id from summoners_grid.ownership_history where card_instance_id = '{_travelled}' and position = 3"
        );
        foreach (var column in await ColumnsAsync("ownership_operations"))
        {
            // Here the signature is bytes, not text.
            var value = column == "signature" ? "set_byte(signature, 5, 255 - get_byte(signature, 5))" : Altered(column);
            var attack = $"update summoners_grid.ownership_operations set {column} = {value} where id = '{operation}'";
            (await AttackedAsync("ownership_operations", attack)).ShouldNotBeEmpty($"altering {column} of an operation went unseen");
        }
    }

    [Theory]
    [InlineData("owner_id")]
    [InlineData("template_id")]
    [InlineData("unique_stats")]
    [InlineData("signature")]
    [InlineData("signature_chain")]
    [InlineData("events")]
    [InlineData("acquired_method")]
    [InlineData("created_at")]
    [InlineData("last_transferred")]
    [InlineData("acquisition_data")]
    public async Task Altering_a_card_itself_is_named(string column)
    {
        var value = column == "owner_id" ? $"'{_a.Key}'" : Altered(column);
        var attack = $"update summoners_grid.card_instances set {column} = {value} where id = '{_travelled}'";
        var breaches = await AttackedAsync("card_instances", attack);
        breaches.ShouldContain(b => b.Key == _travelled.ToString() || b.Finding.Contains(_travelled.ToString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Deleting_a_history_row_is_named(int position)
    {
        var attack = $"delete from summoners_grid.ownership_history where card_instance_id = '{_travelled}' and position = {position}";
        (await AttackedAsync("ownership_history", attack)).ShouldContain(b => b.Finding.Contains("missing") || b.Finding.Contains("removed"));
    }

    [Fact]
    public async Task Deleting_the_only_history_row_is_named()
    {
        var attack = $"delete from summoners_grid.ownership_history where card_instance_id = '{_neverMoved}'";
        (await AttackedAsync("ownership_history", attack)).ShouldContain(b =>
            b.Key == _neverMoved.ToString() && b.Finding.Contains("no history")
        );
    }

    [Fact]
    public async Task Deleting_a_card_with_its_whole_history_is_missed_by_the_operation_that_minted_it()
    {
        var attack = $"""
            delete from summoners_grid.ownership_history where card_instance_id = '{_neverMoved}';
            """;
        (await AttackedAsync("ownership_history", attack)).ShouldContain(b => b.Table == "summoners_grid.ownership_operations");
    }

    [Fact]
    public async Task Two_rows_that_change_places_are_named()
    {
        var attack = $"""
            update summoners_grid.ownership_history set position = 102 where card_instance_id = '{_travelled}' and position = 2;
            update summoners_grid.ownership_history set position = 2 where card_instance_id = '{_travelled}' and position = 3;
            update summoners_grid.ownership_history set position = 3 where card_instance_id = '{_travelled}' and position = 102;
            """;
        (await AttackedAsync("ownership_history", attack)).ShouldContain(b => b.Finding.Contains(_travelled.ToString()));
    }

    [Fact]
    public async Task A_key_that_somebody_put_into_the_table_signs_nothing_that_holds()
    {
        // The attacker brings a key of their own, calls it retired, and signs a forged operation with it.
        using var own = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var publicKey = own.ExportSubjectPublicKeyInfo();
        var keyId = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(publicKey))[..8];
        var history = (await _world.Get<OwnershipHistory>().ReadAsync(_neverMoved))!;
        var operation = history.Operations[history.Events[0].OperationId] with { KeyId = keyId };
        var signature = own.SignData(OwnershipFormat.OperationBytes(operation), System.Security.Cryptography.HashAlgorithmName.SHA256);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            insert into core.signing_keys (id, public_key, wrapped_private_key, master_key_id, retired_at)
            select '{keyId}', decode('{Convert.ToHexString(publicKey)}', 'hex'), wrapped_private_key, master_key_id, now() from core.signing_keys limit 1;
            update summoners_grid.ownership_operations set key_id = '{keyId}', signature = decode('{Convert.ToHexString(signature)}', 'hex')
            where id = '{operation.Id}';
            """
        );
        (await _world.BreachesAsync()).ShouldContain(b => b.Breach.Finding.Contains("none of our keys"));
        (await _world.Get<Gamekeeper.Integrity.SigningKeyRing>().PublicKeysAsync()).ShouldNotContain(k => k.Id == keyId);
    }

    [Fact]
    public async Task Rewriting_a_row_with_a_new_hash_is_found_by_the_signature_of_its_operation()
    {
        // The attacker recomputes everything that needs no private key: event hash, card signature. The root cannot be signed again.
        var history = (await _world.Get<OwnershipHistory>().ReadAsync(_neverMoved))!;
        var forged = history.Events[0] with { NewOwnerId = _b.Key };
        var hash = OwnershipFormat.EventHash(forged, OwnershipFormat.FactsHash(history.Card.TemplateId, history.Card.UniqueStats));
        var signature = new CardSignature(forged.Signature.KeyId, hash);
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            update summoners_grid.ownership_history set new_owner_id = '{_b.Key}', signature = '{signature}' where id = '{forged.Id}';
            update summoners_grid.card_instances set owner_id = '{_b.Key}', signature = '{signature}' where id = '{_neverMoved}';
            """
        );
        (await _world.BreachesAsync())
            .ShouldHaveSingleItem()
            .Breach.Finding.ShouldBe("its events are not the ones it signed");
        var verdict = (await _world.Get<OwnershipHistory>().VerifyAsync(_neverMoved))!.Value.Verdict;
        verdict.ShouldBeOfType<CardVerdict.Broken>();
    }

    [Fact]
    public async Task A_card_that_fails_verification_is_reported_and_stays_as_it_is()
    {
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"update summoners_grid.ownership_history set transfer_method = 'theft' where card_instance_id = '{_travelled}' and position = 2"
        );
        var (_, verdict) = (await _world.Get<OwnershipHistory>().VerifyAsync(_travelled))!.Value;
        verdict.ShouldBeOfType<CardVerdict.Broken>().First.Finding.ShouldContain("position 2");
        (await _world.Get<OwnershipHistory>().ReadAsync(_travelled))!.VerifiedEvents.ShouldBe(0);
    }

    [Fact]
    public async Task Data_that_was_never_ours_can_still_be_exported_and_is_named()
    {
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $$"""
            update summoners_grid.ownership_history set transfer_data = '{"price": 1.5}', data_salt = substr(sha256('x'), 1, 16)
            where card_instance_id = '{{_travelled}}' and position = 2
            """
        );
        var (history, verdict) = (await _world.Get<OwnershipHistory>().VerifyAsync(_travelled))!.Value;
        verdict.ShouldBeOfType<CardVerdict.Broken>().First.Finding.ShouldContain("position 2");
        OwnershipExport.Of(history).Events[1].Data.ShouldBe("""{"price": 1.5}""");
    }

    // Every column gets another value of its type; ids get one that exists nowhere, for triggers and foreign keys are off.
    private static string Altered(string column) =>
        column switch
        {
            "position" or "event_count" or "events" => $"{column} + 100",
            "sequence" => "sequence + 1000000",
            "transfer_data" or "unique_stats" or "acquisition_data" => """jsonb_build_object('forged', 1)""",
            "data_salt" => "decode(repeat('ab', 16), 'hex')",
            "previous_hash" => "decode(repeat('cd', 32), 'hex')",
            "events_root" => "decode(repeat('ef', 32), 'hex')",
            "signature_chain" => "signature_chain || 'forged'::text",
            "created_at" => "created_at + interval '1 microsecond'",
            "last_transferred" => "last_transferred - interval '1 microsecond'",
            "signature" => "overlay(signature placing case substr(signature::text, 12, 1) when 'a' then 'b' else 'a' end from 12 for 1)",
            "transfer_method" or "acquired_method" => "'theft'",
            "template_id" => "'alpha-132'",
            "kind" => "case kind when 'trade' then 'mint' else 'trade' end",
            "key_id" => "'ffffffff'",
            "actor_kind" => "'operator'",
            _ => "gen_random_uuid()",
        };

    private Task<IReadOnlyList<string>> ColumnsAsync(string table) =>
        _world.Database.ListAsync<string>(
            TestRole.Superuser,
            $"select column_name::text from information_schema.columns where table_schema = 'summoners_grid' and table_name = '{table}'"
        );

    // session_replication_role switches off triggers and foreign keys: what a superuser with bad intent would do.
    private async Task<IReadOnlyList<Gamekeeper.Integrity.InvariantBreach>> AttackedAsync(string table, string attack)
    {
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            create table public.before_attack as table summoners_grid.{table};
            alter table summoners_grid.{table} drop constraint if exists ownership_history_first_has_no_predecessor;
            alter table summoners_grid.{table} drop constraint if exists ownership_history_salt_with_data;
            {attack}
            """
        );
        var breaches = (await _world.BreachesAsync()).Select(f => f.Breach).ToList();
        await _world.Database.ExecuteAsync(
            TestRole.Superuser,
            $"""
            set session_replication_role = replica;
            delete from summoners_grid.{table};
            insert into summoners_grid.{table} table public.before_attack;
            drop table public.before_attack;
            """
        );
        (await _world.BreachesAsync()).ShouldBeEmpty("the database was not put back as it was");
        return breaches;
    }
}
