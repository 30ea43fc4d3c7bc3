using Gamekeeper.Accounts;

namespace Gamekeeper.Tests.Accounts;

public sealed class OneTimeCodesTests
{
    [Fact]
    public async Task Of_many_who_present_one_code_at_once_one_becomes_operator()
    {
        await using var world = await AccountWorld.CreateAsync();
        var codes = world.Db.Get<OneTimeCodes>();
        var code = await codes.CreateOperatorCodeAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => codes.SignInAsync(code.Code, world.Stranger)));

        var session = outcomes.OfType<CodeSignInOutcome.SignedIn>().Single().Session;
        outcomes.Count(o => o is CodeSignInOutcome.Refused).ShouldBe(7);
        (await world.Sessions.CheckAsync(session.SessionId)).ShouldBeOfType<SessionCheck.Live>().Roles.ShouldBe([AccountRoles.Operator]);
    }

    [Fact]
    public async Task A_code_is_good_for_an_hour()
    {
        await using var world = await AccountWorld.CreateAsync();
        var codes = world.Db.Get<OneTimeCodes>();
        var (late, inTime) = (await codes.CreateOperatorCodeAsync(), await codes.CreateOperatorCodeAsync());

        world.Clock.Advance(TimeSpan.FromMinutes(59));
        (await codes.SignInAsync(inTime.Code, world.Stranger)).ShouldBeOfType<CodeSignInOutcome.SignedIn>();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        (await codes.SignInAsync(late.Code, world.Stranger)).ShouldBeOfType<CodeSignInOutcome.Refused>();
        (await codes.SignInAsync("nonsense", world.Stranger)).ShouldBeOfType<CodeSignInOutcome.Refused>();
    }

    [Fact]
    public async Task Codes_made_at_once_open_one_operator_account_with_one_key()
    {
        await using var world = await AccountWorld.CreateAsync();
        var codes = world.Db.Get<OneTimeCodes>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => codes.CreateOperatorCodeAsync()));

        (await world.CountAsync("select count(*) from core.accounts where username = 'operator' and roles = array['operator']")).ShouldBe(1);
        (await world.CountAsync("select count(*) from core.account_keys")).ShouldBe(1);
        (await world.CountAsync("select count(*) from core.one_time_codes")).ShouldBe(6);
    }
}
