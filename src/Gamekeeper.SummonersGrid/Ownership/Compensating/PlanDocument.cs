using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gamekeeper.Integrity;

namespace Gamekeeper.SummonersGrid.Ownership.Compensating;

/// <summary>A plan as it is stored and hashed: canonical JSON, ids and numbers only.</summary>
internal static class PlanDocument
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public static string Write(CompensationPlan plan) => CanonicalJson.Of(JsonSerializer.Serialize(plan, Form));

    /// <summary>The plan of a stored document, and the hash of what is stored.</summary>
    public static (CompensationPlan Plan, byte[] Hash) Read(string json) =>
        (JsonSerializer.Deserialize<CompensationPlan>(json, Form)!, Hash(CanonicalJson.Of(json)));

    public static byte[] Hash(string canonical) => SHA256.HashData(Encoding.UTF8.GetBytes(canonical));
}
