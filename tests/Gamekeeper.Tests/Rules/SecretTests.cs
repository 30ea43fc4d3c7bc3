using System.Text.RegularExpressions;

namespace Gamekeeper.Tests.Rules;

public sealed partial class SecretTests
{
    [Fact]
    public void No_file_holds_a_secret() =>
        Sources.Tracked.Where(IsText).SelectMany(p => Secrets(Sources.Read(p)).Select(s => $"{p}: {s}")).ShouldBeEmpty();

    [Fact]
    public void Planted_secrets_are_found()
    {
        Secrets("Host=db;Username=app;" + "Password=" + "Sw0rdfish").ShouldHaveSingleItem();
        Secrets("\"Pwd" + "=s3cret!\"").ShouldHaveSingleItem();
        Secrets("postgres://app:" + "Sw0rdfish" + "@db/game").ShouldHaveSingleItem();
        Secrets("-----BEGIN " + "EC PRIVATE KEY-----").ShouldHaveSingleItem();
        Secrets("-----BEGIN " + "PRIVATE KEY-----").ShouldHaveSingleItem();
        Secrets("Host=…;Username=…;Password=…. Password={name}; Password=<yours>; Password=$PGPASSWORD; Password=hunter2; Password=b; Password = ReadAsync()").ShouldBeEmpty();
    }

    private static IEnumerable<string> Secrets(string text) =>
        ConnectionPassword().Matches(text).Concat(UrlPassword().Matches(text)).Concat(PrivateKey().Matches(text)).Select(m => m.Value);

    private static bool IsText(string path) => !path.EndsWith(".png", StringComparison.Ordinal) && !path.EndsWith(".woff2", StringComparison.Ordinal);

    // What stands for a password without being one: a hole, a variable, an ellipsis, none at all, one letter, or the "hunter" that tests
    // of masking make up.
    [GeneratedRegex(@"\b(?:password|pwd)=(?!none\b|hunter\d*\b)[^\s;""'{<$…*&]{2,}", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionPassword();

    [GeneratedRegex(@"postgres(?:ql)?://\w+:(?!hunter\d*@)[^\s@{<$…*/]+@", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPassword();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();
}
