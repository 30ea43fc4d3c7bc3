using System.Net.Http.Json;
using Gamekeeper.Accounts;
using Gamekeeper.Batching;
using Gamekeeper.Paging;
using Gamekeeper.Scheduling;
using Gamekeeper.SummonersGrid;
using Gamekeeper.SummonersGrid.Cards;
using Gamekeeper.SummonersGrid.Decks;
using Gamekeeper.SummonersGrid.Ownership;
using Gamekeeper.SummonersGrid.Trading;
using Gamekeeper.Tests.Batching;
using Gamekeeper.Tests.Harness;
using Gamekeeper.Tests.Server;
using Gamekeeper.Tests.SummonersGrid;
using Gamekeeper.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gamekeeper.Tests.Transactions;

/// <summary>The product through PgBouncer in transaction mode, where every transaction may run on another server connection.</summary>
public sealed class PgBouncerTests : IAsyncLifetime
{
    private PgBouncer _bouncer = null!;
    private GridWorld _world = null!;

    private TestDatabaseOptions Through => new(Bouncer: _bouncer);

    public async ValueTask InitializeAsync()
    {
        _bouncer = await PgBouncer.StartAsync();
        _world = await GridWorld.CreateAsync(Through);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        if (_bouncer is not null)
            await _bouncer.DisposeAsync();
    }

    [Fact]
    public async Task Players_sign_up_get_cards_trade_them_and_give_them_away()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var (mine, theirs) = (await _world.MintAsync(a, 3), await _world.MintAsync(b, 2));

        (await _world.AcceptAsync(b, await _world.ProposeAsync(a, b, [mine[0], mine[1]], [theirs[0]]))).ShouldBeOfType<AcceptTradeOutcome.Accepted>();
        await _world.TransferAsync(mine[0], b, a);

        (await _world.OwnerOfAsync(mine[0])).ShouldBe(a.Key);
        (await _world.OwnerOfAsync(mine[1])).ShouldBe(b.Key);
        (await _world.OwnerOfAsync(theirs[0])).ShouldBe(a.Key);
        (await _world.Get<OwnershipHistory>().ReadAsync(mine[0]))!.Events.Count.ShouldBe(3);
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_rival_offers_accepted_at_once_one_is_traded()
    {
        var (a, b, c) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        for (var round = 0; round < 10; round++)
        {
            var card = (await _world.MintAsync(a, 1))[0];
            var toB = await _world.ProposeAsync(a, b, [card], [(await _world.MintAsync(b, 1))[0]]);
            var toC = await _world.ProposeAsync(a, c, [card], [(await _world.MintAsync(c, 1))[0]]);

            var outcomes = await Task.WhenAll(_world.AcceptAsync(b, toB), _world.AcceptAsync(c, toC));

            outcomes.Count(o => o is AcceptTradeOutcome.Accepted).ShouldBe(1);
            outcomes.Count(o => o is AcceptTradeOutcome.NotPending { Status: TradeStatus.Cancelled }).ShouldBe(1);
        }
        (await _world.BreachesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Decks_go_through_entity_framework_and_row_security()
    {
        var (a, b) = (await _world.NewPlayerAsync(), await _world.NewPlayerAsync());
        var (decks, change) = (_world.Get<DeckRepository>(), _world.Get<ChangeDeck>());
        var deck = new Deck { Id = Guid.CreateVersion7(), OwnerId = a.Key, Name = "Pooled", SummonSlots = "{}", MainDeck = [], AdvanceDeck = [] };
        await _world.Database.Database.WriteAsync(
            a,
            async (unit, ct) =>
            {
                await using var context = await unit.ContextAsync<SummonersGridContext>(o => new(o), ct);
                context.Decks.Add(deck);
                await context.SaveChangesAsync(ct);
            },
            TestContext.Current.CancellationToken
        );

        (await change.MergeAsync(b, deck.Id, new DeckChange("stolen"))).ShouldBeOfType<SaveDeckOutcome.Unknown>();
        (await decks.FindAsync(b, deck.Id)).ShouldBeNull();
        (await change.MergeAsync(a, deck.Id, new DeckChange("renamed"))).ShouldBeOfType<SaveDeckOutcome.Saved>();
        (await decks.FindAsync(a, deck.Id))!.Name.ShouldBe("renamed");
    }

    [Fact]
    public async Task Cards_are_found_by_their_words_and_paged_through()
    {
        var templates = _world.Get<CardTemplateRepository>();
        var some = (await templates.FindAsync("alpha-001"))!;

        (await PageAsync(new TemplateQuestion(some.Name), 10)).Items.Select(t => t.Id).ShouldContain("alpha-001");
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await templates.ListAsync(new TemplateQuestion(), new PageRequest(new PageSize(50), cursor)))
                .ShouldBeOfType<PageOutcome<CardTemplate>.Given>().Page;
            seen.AddRange(page.Items.Select(t => t.Id));
            cursor = page.NextCursor;
        } while (cursor is not null);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(132);

        async Task<Page<CardTemplate>> PageAsync(TemplateQuestion question, int size) =>
            (await templates.ListAsync(question, new PageRequest(new PageSize(size)))).ShouldBeOfType<PageOutcome<CardTemplate>.Given>().Page;
    }

    [Fact]
    public async Task Many_writers_share_commits_and_each_is_acknowledged()
    {
        var marks = await Marks.CreateAsync(_world.Database);
        await using var group = marks.Group();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(place => group.WriteAsync(marks.New(place % 16, place))));

        outcomes.ShouldAllBe(o => o is GroupCommitOutcome.Written);
        (await marks.CountAsync()).ShouldBe(500);
        (await marks.OutOfOrderAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_processes_each_due_job_is_run_by_one()
    {
        await using var other = _world.Database.SecondProcess(Through);
        await _world.Get<JobBoard>().RegisterAsync();

        await Task.WhenAll(_world.Get<JobBoard>().RunDueAsync(), other.GetRequiredService<JobBoard>().RunDueAsync());

        var jobs = await _world.Get<JobBoard>().ListAsync();
        jobs.ShouldNotBeEmpty();
        jobs.ShouldAllBe(j => j.LastRun!.Outcome == "succeeded");
        (await _world.Database.ListAsync<long>(TestRole.Superuser, "select count(*) from core.job_runs group by job_name")).ShouldAllBe(n => n == 1);
    }

    [Fact]
    public async Task A_session_is_opened_checked_refreshed_and_revoked()
    {
        var sessions = _world.Get<LoginSessions>();
        var stranger = Actor.System(_world.Database.Clock);
        await _world.Get<SignUp>().RunAsync(new SignUpInput("mira", "mira@example.com", "correct horse 7", null), stranger);

        var session = (await sessions.SignInAsync("mira@example.com", "correct horse 7", stranger)).ShouldBeOfType<SignInOutcome.SignedIn>().Session;

        (await sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Live>().AccountId.ShouldBe(session.Account.Id);
        (await sessions.RefreshAsync(session.RefreshToken, stranger)).ShouldBeOfType<RefreshOutcome.Refreshed>();
        (await sessions.RevokeAsync(session.SessionId, Actor.Player(session.Account.Id, _world.Database.Clock))).ShouldBeTrue();
        (await sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Revoked>();
    }

    [Fact]
    public async Task The_server_is_ready_and_serves()
    {
        var pooled = new Dictionary<string, string?> { ["Gamekeeper:Database:Pooling"] = nameof(DatabasePooling.PgBouncerTransaction) };
        await using var server = await ServerHost.StartAsync(_bouncer.Route(_world.Database.ConnectionString(TestRole.App)), pooled);

        using var ready = await server.Client.GetAsync("/health/ready");
        ((int)ready.StatusCode).ShouldBe(200);
        using var signUp = await server.Client.PostAsJsonAsync("/v1/accounts", new { username = "wired", password = ServerWorld.Password });
        ((int)signUp.StatusCode).ShouldBe(201);
        using var signIn = await server.Client.PostAsJsonAsync("/v1/sessions", new { login = "wired", password = ServerWorld.Password });
        using var signedIn = server.NewClient((await signIn.JsonAsync()).GetProperty("accessToken").GetString());
        using var me = await signedIn.GetAsync("/v1/accounts/me");
        (await me.JsonAsync()).GetProperty("username").GetString().ShouldBe("wired");
    }

    [Fact]
    public async Task Sixteen_actors_on_four_connections_never_act_as_one_another()
    {
        const int Rounds = 20;
        var actors = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _world.NewPlayerAsync()));
        var seen = new System.Collections.Concurrent.ConcurrentBag<(int Backend, Guid? Expected, Guid? Found)>();

        await Task.WhenAll(actors.Select(PlayAsync));

        seen.ShouldAllBe(s => s.Expected == s.Found);
        var backends = seen.GroupBy(s => s.Backend).ToList();
        backends.Count.ShouldBeLessThanOrEqualTo(4);
        backends.ShouldContain(b => b.Select(s => s.Expected).Distinct().Count() > 2, "connections were shared, or this proves nothing");
        (await _world.Database.ListAsync<string>(
            TestRole.Superuser,
            """
            select record_id || ' by ' || coalesce(user_id::text, 'nobody') || ' ' || coalesce(actor_kind, 'unknown')
            from core.audit_log
            where table_name = 'accounts' and action = 'UPDATE' and (user_id::text is distinct from record_id or actor_kind is distinct from 'player')
            """
        )).ShouldBeEmpty();
        (await _world.Database.ScalarAsync<long>(
            TestRole.Superuser,
            "select count(*) from core.audit_log where table_name = 'accounts' and action = 'UPDATE'"
        )).ShouldBe(16 * Rounds);

        async Task PlayAsync(Actor actor)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var change = new ProfileChange(DisplayName: $"{actor.Key} in round {round}");
                (await _world.Get<UpdateProfile>().RunAsync(actor.Key, change, actor)).ShouldBeOfType<UpdateProfileOutcome.Updated>();
                await _world.Database.Database.WriteAsync(actor, async (unit, ct) => seen.Add(await LookAsync(unit, actor.Key, ct)));
                // Nobody acts here; a setting that outlived its transaction would show.
                var reading = await _world.Database.Database.ReadAsync(ReadConsistency.Strong, null, (scope, ct) => LookAsync(scope, null, ct));
                seen.Add(reading);
            }
        }
    }

    [Fact]
    public async Task An_actor_set_for_the_session_would_be_noticed()
    {
        var through = new NpgsqlConnectionStringBuilder(_bouncer.Route(_world.Database.ConnectionString(TestRole.App))) { Pooling = false };
        await using (var careless = new NpgsqlConnection(through.ConnectionString))
        {
            await careless.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand($"select set_config('app.current_user_id', '{Guid.CreateVersion7()}', false)", careless);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var (_, _, found) = await _world.Database.Database.ReadAsync(ReadConsistency.Strong, null, (scope, ct) => LookAsync(scope, null, ct));

        found.ShouldNotBeNull("this test's connections are the only ones, and the last used one is used next");
    }

    [Fact]
    public async Task Without_the_switch_the_statements_of_two_processes_collide()
    {
        await using var narrow = await PgBouncer.StartAsync(serverConnections: 1);
        var prepared = new TestDatabaseOptions(
            Bouncer: narrow,
            Configure: services => services.Configure<GameDatabaseOptions>(o => o.Pooling = DatabasePooling.Direct)
        );
        await using var one = _world.Database.SecondProcess(prepared);
        await using var other = _world.Database.SecondProcess(prepared);
        await ThreeLooksAsync(one);

        (await Should.ThrowAsync<PostgresException>(() => ThreeLooksAsync(other))).SqlState.ShouldBe(PostgresErrorCodes.DuplicatePreparedStatement);

        await using var third = _world.Database.SecondProcess(new TestDatabaseOptions(Bouncer: narrow));
        await using var fourth = _world.Database.SecondProcess(new TestDatabaseOptions(Bouncer: narrow));
        await ThreeLooksAsync(third);
        await ThreeLooksAsync(fourth);

        // The second look prepares.
        static async Task ThreeLooksAsync(IServiceProvider process)
        {
            for (var look = 0; look < 3; look++)
                await process.GetRequiredService<GameDatabase>().FirstAsync(new WhoActs());
        }
    }

    private static async Task<(int Backend, Guid? Expected, Guid? Found)> LookAsync(StatementQueue queue, Guid? expected, CancellationToken cancellationToken)
    {
        var (backend, found) = await queue.FirstAsync(new WhoActs(), cancellationToken);
        return (backend, expected, found);
    }
}

file sealed record WhoActs : IQuery<WhoActs, (int Backend, Guid? Actor)>
{
    public static string Sql => "select pg_backend_pid(), core.current_actor()";

    public void Bind(StatementParameters parameters) { }

    public static (int Backend, Guid? Actor) Read(NpgsqlDataReader row) => (row.GetInt32(0), row.IsDBNull(1) ? null : row.GetGuid(1));
}
