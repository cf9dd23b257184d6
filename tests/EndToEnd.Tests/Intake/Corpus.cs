using System.Text.Json;
using System.Text.Json.Nodes;
using WpAsis.AppHost.Native;

namespace WpAsis.EndToEnd.Tests.Intake;

/// <summary>Payloads that this project did not write, with the counts that somebody else made of them.</summary>
internal sealed class Corpus
{
    // Placeholders of a page of Meta's. An id becomes part of an address of Meta's, and no API of ours takes these.
    private static readonly (string Placeholder, string Id)[] Placeholders =
    [
        ("<BUSINESS_PHONE_NUMBER_ID>", "500000000000001"),
        ("<WHATSAPP_BUSINESS_ACCOUNT_ID>", "600000000000001"),
    ];

    private static readonly string[] Answerable =
    [
        "text",
        "button",
        "image",
        "audio",
        "video",
        "document",
        "sticker",
        "location",
        "contacts",
        "order",
    ];

    private readonly List<string> _bodies;
    private readonly JsonElement _total;

    private Corpus(List<string> bodies, JsonElement total)
    {
        _bodies = bodies;
        _total = total;
    }

    public IEnumerable<string> Numbers =>
        _total.GetProperty("phone_number_ids").EnumerateArray().Select(number => Fill(number.GetString()!));

    /// <summary>Reads a corpus; the test is skipped where it is not there.</summary>
    public static Corpus Read(string name)
    {
        var folder = Path.GetFullPath(Path.Combine(RepositoryRoot.Find(), "..", "shared", "corpus", "whatsapp"));
        Assert.SkipUnless(Directory.Exists(folder), "The corpora are not here: ../shared/corpus beside the repository.");
        var manifest = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder, name + ".manifest.json")));
        var files = Directory.GetFiles(Path.Combine(folder, name), "*.json").Order(StringComparer.Ordinal);
        return new Corpus([.. files.Select(file => Fill(File.ReadAllText(file)))], manifest.GetProperty("total"));
    }

    public long Count(string what) => _total.GetProperty(what).GetInt64();

    /// <summary>One body for each file, or one for all of them; ids are made anew, so that a second pass is no repetition.</summary>
    public List<JsonNode> Bodies(bool together, string pass)
    {
        var bodies = _bodies.ConvertAll(body => JsonNode.Parse(body.Replace("\"wamid.", $"\"wamid.{pass}-", StringComparison.Ordinal))!);
        if (!together)
            return bodies;
        var entries = bodies.SelectMany(body => body["entry"]!.AsArray()).Select(entry => entry!.DeepClone());
        return [Meta.Body([.. entries])];
    }

    /// <summary>Every message with the value that holds it.</summary>
    public static IEnumerable<(JsonObject Value, JsonObject Message)> Messages(IEnumerable<JsonNode> bodies) =>
        from body in bodies
        from entry in body["entry"]!.AsArray()
        from change in entry!["changes"]!.AsArray()
        let value = change!["value"] as JsonObject
        where value?["messages"] is JsonArray
        from message in value["messages"]!.AsArray()
        select (value, message!.AsObject());

    /// <summary>As DESIGN says it: what a contact can expect an answer to.</summary>
    public static bool IsAnswerable(JsonObject message)
    {
        if (message.ContainsKey("group_id"))
            return false;
        var type = message["type"]!.GetValue<string>();
        return type == "interactive"
            ? message["interactive"]?["type"]?.GetValue<string>() is "button_reply" or "list_reply" or "nfm_reply"
            : Answerable.Contains(type, StringComparer.Ordinal);
    }

    private static string Fill(string text) =>
        Placeholders.Aggregate(text, (filled, pair) => filled.Replace(pair.Placeholder, pair.Id, StringComparison.Ordinal));
}
