using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary><c>POST embeddings</c>: hashed words, so that texts which share words are near each other, the same on every run.</summary>
internal sealed class Embed(CallModel calls)
{
    private const int MostInputs = 2048;
    private const int MostDimensions = 4096;

    public Task<IResult> HandleAsync(HttpContext context) => calls.RunAsync(context, (body, _) => Task.FromResult(Answer(body)));

    private static IResult Answer(JsonElement body)
    {
        var input = body.Get("input");
        List<string> texts = input is { ValueKind: JsonValueKind.String } one
            ? [one.GetString()!]
            : [.. input.Items().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        if (texts.Count is 0 or > MostInputs || texts.Exists(text => text.Length == 0))
            return ModelErrors.BadRequest("'$.input' is invalid.");
        var model = body.Text("model") ?? "text-embedding-3-small";
        var dimensions = body.Number("dimensions") ?? (model.Contains("large", StringComparison.Ordinal) ? 3072 : 1536);
        if (dimensions is < 1 or > MostDimensions)
            return ModelErrors.BadRequest("'$.dimensions' is invalid.");
        var base64 = body.Text("encoding_format") == "base64";
        var data = new JsonArray();
        for (var i = 0; i < texts.Count; i++)
        {
            var vector = Vector(texts[i], dimensions);
            data.Add(
                new JsonObject
                {
                    ["object"] = "embedding",
                    ["index"] = i,
                    ["embedding"] = base64 ? Base64(vector) : new JsonArray([.. vector.Select(value => JsonValue.Create(value))]),
                }
            );
        }
        var tokens = Math.Max(1, texts.Sum(text => text.Length) / 4);
        var answer = new JsonObject
        {
            ["object"] = "list",
            ["data"] = data,
            ["model"] = model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        };
        return Results.Text(answer.ToJsonString(), "application/json");
    }

    private static float[] Vector(string text, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (var word in Words.Split(text))
            AddWord(vector, word.Length > 5 ? word[..5] : word);
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            AddWord(vector, text);
            length = MathF.Sqrt(vector.Sum(value => value * value));
        }
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= length;
        return vector;
    }

    private static void AddWord(float[] vector, string word)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(word));
        for (var i = 0; i < hash.Length; i += 4)
        {
            var value = BinaryPrimitives.ReadUInt32LittleEndian(hash.AsSpan(i));
            // Odd weights never cancel out, even where two places fall together.
            vector[value % (uint)vector.Length] += ((value >> 31) == 0 ? 1 : -1) * (1 + (i / 64f));
        }
    }

    private static string Base64(float[] vector)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Embeddings are little-endian on the wire.");
        return Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
    }
}
