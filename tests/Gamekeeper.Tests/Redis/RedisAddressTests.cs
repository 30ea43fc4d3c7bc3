using Gamekeeper.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.Redis;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://cache", "cache:6379", null, null, 0, false)]
    [InlineData("redis://cache:7000/3", "cache:7000", null, null, 3, false)]
    [InlineData("REDISS://app:hunter2@cache", "cache:6379", "app", "hunter2", 0, true)]
    [InlineData("redis://:hunter2@cache", "cache:6379", null, "hunter2", 0, false)]
    [InlineData("redis://app:hun%40ter%2f2@[::1]:7000", "[::1]:7000", "app", "hun@ter/2", 0, false)]
    [InlineData("unix:///run/redis.sock", "/run/redis.sock", null, null, 0, false)]
    [InlineData("unix://app:hunter2@/run/redis.sock?db=2", "/run/redis.sock", "app", "hunter2", 2, false)]
    [InlineData("cache", "cache:6379", null, null, 0, false)]
    [InlineData("cache:7000,user=app,password=hunter2,ssl=true,defaultDatabase=4,abortConnect=false", "cache:7000", "app", "hunter2", 4, true)]
    public void Both_usual_forms_are_read(string text, string place, string? user, string? password, int database, bool usesTls)
    {
        var address = RedisAddressText.Parse(text);
        address.ToString().ShouldBe(place);
        (address.User, address.Password, address.Database, address.UsesTls).ShouldBe((user, password, database, usesTls));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://hunter2@cache")]
    [InlineData("redis://")]
    [InlineData("redis://app:hunter2@")]
    [InlineData("redis://app:hunter2@cache:0")]
    [InlineData("redis://app:hunter2@cache:99999")]
    [InlineData("redis://app:hunter2@cache/first")]
    [InlineData("unix://hunter2")]
    [InlineData("unix://app:hunter2@host/x")]
    [InlineData("cache,other,password=hunter2")]
    [InlineData("cache,hunter2=x")]
    [InlineData("cache,password=hunter2,ssl=perhaps")]
    [InlineData("password=hunter2")]
    public void A_wrong_one_is_refused_without_being_repeated(string text)
    {
        var failure = Should.Throw<FormatException>(() => RedisAddressText.Parse(text));
        failure.Message.ShouldContain("rediss://");
        failure.Message.ShouldNotContain("hunter");
    }

    [Fact]
    public void No_password_is_printed()
    {
        RedisAddressText.Parse("redis://app:hunter2@cache").ToString().ShouldBe("cache:6379");
        new RedisOptions { ConnectionString = "redis://app:hunter2@cache" }.ToString().ShouldBe("cache:6379");
        new RedisOptions { ConnectionString = "redis://app:hunter2@" }.ToString().ShouldNotContain("hunter");
    }

    [Theory]
    [InlineData("Gamekeeper:Redis:CommandTimeout", "00:00:00")]
    [InlineData("Gamekeeper:Redis:ConnectTimeout", "01:00:00")]
    [InlineData("Gamekeeper:Redis:SilenceLimit", "00:00:00.5")]
    [InlineData("Gamekeeper:Redis:HeartbeatInterval", "00:00:00.001")]
    [InlineData("Gamekeeper:Redis:ReconnectDelayMin", "00:00:00")]
    [InlineData("Gamekeeper:Redis:ReconnectDelayMax", "00:00:00.010")]
    [InlineData("Gamekeeper:Redis:MaxReplyBytes", "10")]
    [InlineData("Gamekeeper:Redis:MaxUnsentBytes", "10")]
    [InlineData("Gamekeeper:Redis:CertificateAuthorityFile", "/no/such/file.pem")]
    [InlineData("ConnectionStrings:Redis", "ftp://app:hunter2@cache")]
    public void A_value_out_of_range_stops_the_start_by_its_name(string name, string value)
    {
        var failure = Should.Throw<OptionsValidationException>(() => Bound(name, value));
        failure.Message.ShouldContain(name == "ConnectionStrings:Redis" ? "ConnectionStrings__Redis" : name);
        failure.Message.ShouldNotContain("hunter");
    }

    [Fact]
    public void The_connection_string_comes_from_its_usual_place() =>
        Bound("ConnectionStrings:Redis", "redis://cache:7000").ToString().ShouldBe("cache:7000");

    [Fact]
    public void Without_one_there_is_no_Redis_and_that_is_fine() => Bound("Gamekeeper:Redis:CommandTimeout", "00:00:02").ToString().ShouldBe("no Redis");

    private static RedisOptions Bound(string name, string value)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());
        RedisRegistration.AddTo(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RedisOptions>>().Value;
    }
}
