namespace Gamekeeper.Benchmarks.Questions;

/// <summary>How many callers there are, in words.</summary>
internal static class Clients
{
    public static string Say(int clients) => clients == 1 ? "1 client" : $"{clients} clients";
}
