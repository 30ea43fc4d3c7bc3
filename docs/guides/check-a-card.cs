// Checks a card's whole history with the public keys alone:  dotnet run check-a-card.cs history.json key.pem [older-key.pem …]
#:property PublishAot=false
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

var answer = JsonNode.Parse(File.ReadAllText(args[0]))!;
var export = answer["history"] ?? answer; // the server's answer holds the export, the command prints it
var keys = args[1..].Select(Key).ToDictionary(k => Convert.ToHexStringLower(Sha(k.ExportSubjectPublicKeyInfo()))[..8]);
var (card, before, owner) = (export["card"]!, new byte[32], (string?)null);
foreach (var e in export["events"]!.AsArray())
{
    var (first, o) = (owner is null, e!["operation"]!);
    var data = e["data"] is { } d ? Sha(Hex(e["dataSalt"]), Utf8(d)) : new byte[32];
    var facts = first ? Sha([1], Text(card["templateId"]), card["uniqueStats"] is { } s ? Sha(Utf8(s)) : new byte[32]) : new byte[32];
    var hash = Sha([1], Id(e["id"]), Id(o["id"]), Id(card["id"]), Int(4, e["position"]), before, Id(e["previousOwnerId"]), Id(e["newOwnerId"]),
        Text(e["method"]), Int(8, e["createdAtMicroseconds"]), data, facts);
    Must(hash.SequenceEqual(Hex(e["hash"])) && (string?)e["previousOwnerId"] == owner, $"event {e["position"]} follows the one before it");
    var root = e["path"]!.AsArray().Aggregate(Sha([0], hash), (n, p) => (string?)p!["side"] == "left" ? Sha([1], Hex(p["hash"]), n) : Sha([1], n, Hex(p["hash"])));
    byte[] signed = [1, .. Id(o["id"]), .. Int(8, o["sequence"]), .. Text(o["kind"]), .. Int(4, o["eventCount"]), .. root, .. Id(o["actorId"]),
        .. Text(o["actorKind"]), .. Int(8, o["createdAtMicroseconds"]), .. Text(o["keyId"])];
    Must(keys.TryGetValue((string)o["keyId"]!, out var key), $"the key {o["keyId"]} of event {e["position"]} is at hand");
    Must(key!.VerifyData(signed, Convert.FromHexString((string)o["signature"]!), HashAlgorithmName.SHA256), $"event {e["position"]} is signed");
    (before, owner) = (hash, (string?)e["newOwnerId"]);
}
Must((string?)card["ownerId"] == owner && ((string)card["signature"]!).EndsWith(Convert.ToHexStringLower(before)), "the card ends with its last event");
Console.WriteLine($"intact: {export["events"]!.AsArray().Count} events, owner {owner}");

// How values are spelled: docs/reference/ownership-format.md.
static ECDsa Key(string file) { var key = ECDsa.Create(); key.ImportFromPem(File.ReadAllText(file)); return key; }
static byte[] Hex(JsonNode? n) => n is null ? new byte[32] : Convert.FromHexString((string)n!);
static byte[] Id(JsonNode? n) => n is null ? new byte[16] : Guid.Parse((string)n!).ToByteArray(bigEndian: true);
static byte[] Int(int size, JsonNode? n) { var b = new byte[8]; BinaryPrimitives.WriteInt64BigEndian(b, (long)n!); return b[^size..]; }
static byte[] Utf8(JsonNode? n) => Encoding.UTF8.GetBytes((string)n!);
static byte[] Text(JsonNode? n) => [.. Int(2, (long)Utf8(n).Length), .. Utf8(n)];
static byte[] Sha(params byte[][] parts) => SHA256.HashData([.. parts.SelectMany(p => p)]);
static void Must(bool holds, string what) { if (!holds) { Console.Error.WriteLine($"does not hold: {what}"); Environment.Exit(1); } }
