using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Models;

/// <summary>What both generations of OpenAI's API ask, in one shape.</summary>
internal sealed record ModelCall(
    string Model,
    string Instructions,
    string Question,
    JsonElement? Schema,
    bool WantsJson,
    bool Streams,
    int PromptLength
)
{
    public static ModelCall FromChat(JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        var format = body.Get("response_format");
        return new ModelCall(
            body.Text("model") ?? "sandbox",
            string.Join('\n', messages.Where(IsInstruction).Select(Text)),
            LastUserText(messages),
            format?.Get("json_schema")?.Get("schema"),
            format?.Text("type") is "json_object" or "json_schema",
            body.Flag("stream"),
            messages.Sum(message => Text(message).Length)
        );
    }

    public static ModelCall FromResponses(JsonElement body)
    {
        var input = body.Get("input");
        var items = input.Items().Where(item => item.Text("role") is not null).ToList();
        var question = input is { ValueKind: JsonValueKind.String } text ? text.GetString()! : LastUserText(items);
        var instructions = string.Join('\n', items.Where(IsInstruction).Select(Text).Prepend(body.Text("instructions") ?? ""));
        var format = body.Get("text")?.Get("format");
        return new ModelCall(
            body.Text("model") ?? "sandbox",
            instructions,
            question,
            format?.Get("schema"),
            format?.Text("type") is "json_object" or "json_schema",
            body.Flag("stream"),
            instructions.Length + items.Sum(item => Text(item).Length)
        );
    }

    private static bool IsInstruction(JsonElement message) => message.Text("role") is "system" or "developer";

    /// <summary>A person may have written several messages since the last answer.</summary>
    private static string LastUserText(List<JsonElement> messages) =>
        string.Join('\n', messages.AsEnumerable().Reverse().TakeWhile(message => message.Text("role") == "user").Reverse().Select(Text));

    private static string Text(JsonElement message) =>
        message.Get("content") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Array } parts => string.Join(
                '\n',
                parts.EnumerateArray().Select(part => part.Text("text")).OfType<string>()
            ),
            _ => "",
        };
}
