using Npgsql;

namespace Gamekeeper.Cli.Databases;

/// <summary>A connection string as it is given on the command line: in words, or <c>@FILE</c> for one that holds a password.</summary>
internal static class ConnectionText
{
    /// <summary>The connection string itself.</summary>
    /// <exception cref="GamekeeperException"><c>usage.invalid</c>: the file cannot be read, or it is no connection string.</exception>
    public static string Of(string given)
    {
        var text = given[0] == '@' ? Read(given[1..]) : given;
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Keys.Count > 0 ? text : throw Unreadable(null);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw Unreadable(failure);
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new GamekeeperException("usage.invalid", $"--connection names a file that cannot be read: {failure.Message}", failure);
        }
    }

    // Without the text and without what the driver says of it: either may hold the password.
    private static GamekeeperException Unreadable(Exception? failure)
    {
        const string said = "--connection takes a connection string such as Host=db;Username=gamekeeper_app;Database=gamekeeper, or @FILE that holds one.";
        return failure is null ? new GamekeeperException("usage.invalid", said) : new GamekeeperException("usage.invalid", said, failure);
    }
}
