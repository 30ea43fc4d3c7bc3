using Gamekeeper.Transactions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gamekeeper.Tests.Transactions;

public sealed class PoolingOptionsTests
{
    [Theory]
    [InlineData("Search Path=core", "Search Path")]
    [InlineData("Options=-c statement_timeout=1s", "Options")]
    public async Task What_PgBouncer_would_refuse_is_refused_at_start(string setting, string named)
    {
        await using (Open(setting, DatabasePooling.Direct))
        {
            // PostgreSQL itself takes it.
        }

        var refused = Should.Throw<GamekeeperException>(() => Open(setting, DatabasePooling.PgBouncerTransaction));
        refused.Code.ShouldBe("configuration.invalid");
        refused.Message.ShouldContain(named);
    }

    private static GameDatabase Open(string setting, DatabasePooling pooling) =>
        new(
            Options.Create(new GameDatabaseOptions { ConnectionString = $"Host=127.0.0.1;Database=none;Username=none;{setting}", Pooling = pooling }),
            NullLogger<GameDatabase>.Instance,
            TimeProvider.System
        );
}
