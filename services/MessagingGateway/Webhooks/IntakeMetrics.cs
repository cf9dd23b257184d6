using System.Diagnostics.Metrics;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What arrives, and what becomes of it.</summary>
internal sealed class IntakeMetrics
{
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _items;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _duplicates;
    private double _oldestSeconds;

    public IntakeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.MessagingGateway.Webhooks");
        _webhooks = meter.CreateCounter<long>("wpasis.intake.webhooks", "{webhook}", "POSTs by answer");
        _items = meter.CreateCounter<long>("wpasis.intake.items", "{item}", "Messages, statuses, echoes, calls and the rest");
        _quarantined = meter.CreateCounter<long>("wpasis.intake.quarantined", "{item}", "What could not be taken in, by reason");
        _duplicates = meter.CreateCounter<long>("wpasis.intake.duplicates", "{message}", "Messages that were known already");
        meter.CreateObservableGauge(
            "wpasis.intake.oldest",
            () => Volatile.Read(ref _oldestSeconds),
            "s",
            "Age of the oldest body not yet split"
        );
    }

    public void Stored(int count) => Answered("stored", count);

    public void Refused() => Answered("refused", 1);

    public void Full() => Answered("full", 1);

    public void Item(string kind, int count = 1) => _items.Add(count, new KeyValuePair<string, object?>("kind", kind));

    public void Quarantined(string reason) => _quarantined.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Duplicates(int count) => _duplicates.Add(count);

    public void Oldest(TimeSpan age) => Volatile.Write(ref _oldestSeconds, age.TotalSeconds);

    private void Answered(string answer, int count) => _webhooks.Add(count, new KeyValuePair<string, object?>("answer", answer));
}
