namespace Gamekeeper.Server.Requests;

internal static class Replays
{
    /// <summary>Tells that the effect was there already and this is its answer again.</summary>
    public static void TellReplay(this HttpContext context, bool isReplay)
    {
        if (isReplay)
            context.Response.Headers[RequestKey.ReplayedHeader] = "true";
    }
}
