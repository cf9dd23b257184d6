using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary>Makes an object with every property of a JSON schema: the three it understands from the answer, the rest empty.</summary>
internal static class FillSchema
{
    private const int Deepest = 8;

    public static JsonObject Fill(JsonElement schema, AssistantAnswer answer) => Object(schema, schema, answer, 0);

    private static JsonObject Object(JsonElement root, JsonElement schema, AssistantAnswer answer, int depth)
    {
        var filled = new JsonObject();
        if (Resolve(root, schema).Get("properties") is not { ValueKind: JsonValueKind.Object } properties)
            return filled;
        foreach (var property in properties.EnumerateObject())
        {
            var shape = Resolve(root, property.Value);
            filled[property.Name] = property.Name.ToUpperInvariant() switch
            {
                "OUTCOME" => Outcome(shape, answer.Outcome),
                "LANGUAGE" => answer.Language,
                "TEXT" => answer.Text,
                _ => Empty(root, shape, answer, depth),
            };
        }
        return filled;
    }

    private static JsonNode? Empty(JsonElement root, JsonElement shape, AssistantAnswer answer, int depth)
    {
        var types = Types(shape);
        if (types.Contains("array"))
            return new JsonArray();
        if (types.Contains("string"))
            return shape.Items("enum").FirstOrDefault() is { ValueKind: JsonValueKind.String } first && !types.Contains("null")
                    ? first.GetString()
                : types.Contains("null") ? null
                : "";
        if (types.Contains("boolean"))
            return false;
        if (types.Contains("number") || types.Contains("integer"))
            return 0;
        if (types.Contains("null") || depth >= Deepest)
            return null;
        return shape.Get("anyOf") is not null || shape.Items("enum").Any()
            ? FromChoices(root, shape, answer, depth)
            : Object(root, shape, answer, depth + 1);
    }

    private static JsonNode? FromChoices(JsonElement root, JsonElement shape, AssistantAnswer answer, int depth)
    {
        if (shape.Items("enum").FirstOrDefault() is { ValueKind: JsonValueKind.String } value)
            return value.GetString();
        var choices = shape.Items("anyOf").Select(choice => Resolve(root, choice)).ToList();
        return choices.Exists(choice => Types(choice).Contains("null")) || choices.Count == 0
            ? null
            : Empty(root, choices[0], answer, depth + 1);
    }

    /// <summary>The wanted outcome where the enumeration has it, else the most careful one that it has.</summary>
    private static string Outcome(JsonElement shape, string wanted)
    {
        var allowed = shape.Items("enum").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToList();
        if (allowed.Count == 0)
            return wanted;
        return allowed.Find(item => string.Equals(item, wanted, StringComparison.OrdinalIgnoreCase))
            ?? allowed.Find(item => string.Equals(item, "Unknown", StringComparison.OrdinalIgnoreCase))
            ?? allowed[0];
    }

    private static List<string?> Types(JsonElement shape) =>
        shape.Get("type") switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()],
            { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(item => item.GetString())],
            _ => [],
        };

    private static JsonElement Resolve(JsonElement root, JsonElement shape)
    {
        for (var hops = 0; hops < Deepest && shape.Text("$ref") is { } reference && reference.StartsWith('#'); hops++)
        {
            JsonElement? at = root;
            foreach (var step in reference.Split('/').Skip(1))
                at = at?.Get(step);
            if (at is null)
                return shape;
            shape = at.Value;
        }
        return shape;
    }
}
