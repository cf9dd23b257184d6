namespace WpAsis.EndToEnd.Tests.Businesses;

/// <summary>A message that the Graph sandbox took from us, with the id that we gave it.</summary>
public sealed record Sent(string PhoneNumberId, string? To, string Text, string? TraceParent, string? MessageId);

/// <summary>All that the Graph sandbox took, read from where the last reading ended.</summary>
public sealed class SentMessages(RunningSystem system)
{
    private readonly List<Sent> _all = [];
    private long _read;

    public async Task<IReadOnlyList<Sent>> ReadAsync()
    {
        var fresh = (await system.ReadControlAsync($"graph/sent?limit=10000&after={_read}")).GetProperty("items");
        foreach (var item in fresh.EnumerateArray())
        {
            _read = item.GetProperty("index").GetInt64();
            var sent = new Sent(
                item.GetProperty("phoneNumberId").GetString()!,
                item.GetProperty("to").GetString(),
                item.GetProperty("text").GetString() ?? "",
                item.GetProperty("traceParent").GetString(),
                item.GetProperty("callbackData").GetString()
            );
            system.Secrets.Add("reply", sent.Text);
            system.Secrets.Add("wamid", item.GetProperty("wamid").GetString()!);
            _all.Add(sent);
        }
        return _all;
    }
}
