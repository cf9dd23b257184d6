using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.Sandbox.Faults;

namespace WpAsis.Sandbox.Models;

/// <summary>What goes back, whatever API it is wrapped in.</summary>
/// <param name="Text">The content; empty for a refusal or filtered output.</param>
/// <param name="Refusal">The model's own refusal.</param>
/// <param name="Finish"><c>stop</c>, <c>length</c> or <c>content_filter</c>.</param>
internal sealed record ModelAnswer(string Text, string? Refusal, string Finish)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Tokens => Math.Max(1, (Text.Length + (Refusal?.Length ?? 0)) / 4);

    public static ModelAnswer Make(ModelCall call, Script? script, Fault? fault)
    {
        var text = script is null ? ByRules(call) : Scripted(call, script);
        return fault?.Kind switch
        {
            "invalid-json" => new(text.StartsWith('{') ? text[..(text.Length * 2 / 3)] : "{\"text\": \"" + text, null, "stop"),
            "fenced" => new($"```json\n{text}\n```", null, "stop"),
            "refusal" => new("", "I'm sorry, but I can't help with that.", "stop"),
            "content-filter" => new("", null, "content_filter"),
            "length" => new(text[..(text.Length / 2)], null, "length"),
            _ => new(text, null, "stop"),
        };
    }

    /// <summary>The pieces of a stream: words with the space behind them.</summary>
    public IEnumerable<string> Pieces()
    {
        for (var at = 0; at < Text.Length; )
        {
            var space = Text.IndexOf(' ', at);
            var end = space < 0 ? Text.Length : space + 1;
            yield return Text[at..end];
            at = end;
        }
    }

    private static string ByRules(ModelCall call)
    {
        var answer = Assistant.Answer(call.Instructions, call.Question);
        if (call.Schema is { } schema)
            return FillSchema.Fill(schema, answer).ToJsonString(Relaxed);
        return call.WantsJson ? new JsonObject { ["text"] = answer.Text }.ToJsonString(Relaxed) : answer.Text;
    }

    private static string Scripted(ModelCall call, Script script)
    {
        if (script.Answer.ValueKind == JsonValueKind.String)
        {
            var text = script.Answer.GetString()!;
            return call.Schema is { } schema && !script.Exact
                ? FillSchema.Fill(schema, new AssistantAnswer(text, "Answered", Words.Language(call.Question))).ToJsonString(Relaxed)
                : text;
        }
        var scripted = (JsonObject)JsonNode.Parse(script.Answer.GetRawText())!;
        if (script.Exact || call.Schema is not { } shape)
            return scripted.ToJsonString(Relaxed);
        var filled = FillSchema.Fill(shape, new AssistantAnswer("", "Answered", Words.Language(call.Question)));
        foreach (var property in scripted)
            filled[property.Key] = property.Value?.DeepClone();
        return filled.ToJsonString(Relaxed);
    }
}
