using System.Diagnostics.Metrics;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>How much one transaction wrote.</summary>
internal sealed class WrittenCounts
{
    public int Messages { get; set; }

    public int Published { get; set; }

    public int Statuses { get; set; }

    public int UnmatchedStatuses { get; set; }

    public int Echoes { get; set; }

    public int Duplicates { get; set; }

    public int UnknownNumbers { get; set; }

    public int AliasConflicts { get; set; }

    public int Erased { get; set; }

    public int OptOuts { get; set; }

    public List<string> Quarantined { get; } = [];
}

/// <summary>What the intake tells an operator. Unknown numbers, lost bodies and quarantine are alarms.</summary>
internal sealed class IntakeMetrics
{
    private readonly Counter<long> _stored;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _events;
    private readonly Counter<long> _fields;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _unknownNumbers;
    private readonly Histogram<double> _latency;
    private double _oldestSeconds;

    /// <summary>Makes the instruments.</summary>
    public IntakeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.MessagingGateway.Intake");
        _stored = meter.CreateCounter<long>("wpasis.intake.stored", "{webhook}", "Webhooks stored and answered with 200");
        _refused = meter.CreateCounter<long>("wpasis.intake.refused", "{webhook}", "Webhooks refused, by reason");
        _lost = meter.CreateCounter<long>(
            "wpasis.intake.lost",
            "{webhook}",
            "Stored bodies whose key ended before they were split; must stay 0"
        );
        _events = meter.CreateCounter<long>("wpasis.intake.events", "{event}", "What webhooks held, by kind");
        _fields = meter.CreateCounter<long>("wpasis.intake.fields", "{change}", "Changes by field");
        _quarantined = meter.CreateCounter<long>(
            "wpasis.intake.quarantined",
            "{item}",
            "What could not be understood or stored, by reason"
        );
        _unknownNumbers = meter.CreateCounter<long>("wpasis.intake.unknown_numbers", "{change}", "Changes for a number nobody connected");
        _latency = meter.CreateHistogram<double>("wpasis.intake.latency", "s", "From arrival to the commit that splits it");
        meter.CreateObservableGauge("wpasis.intake.oldest", () => Volatile.Read(ref _oldestSeconds), "s", "Age of the oldest body waiting");
    }

    public void Stored(int count) => _stored.Add(count);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Lost(int count) => _lost.Add(count);

    public void Field(string field) => _fields.Add(1, new KeyValuePair<string, object?>("field", field));

    public void Calls(int count) => Event("call", count);

    public void UnknownStatus() => Event("unknown-status", 1);

    public void Oldest(TimeSpan age) => Volatile.Write(ref _oldestSeconds, age.TotalSeconds);

    public void Split(IReadOnlyList<IntakeBody> bodies, DateTimeOffset now)
    {
        foreach (var body in bodies)
            _latency.Record((now - body.ArrivedAt).TotalSeconds);
    }

    public void Written(WrittenCounts counts)
    {
        Event("message", counts.Messages);
        Event("published", counts.Published);
        Event("status", counts.Statuses);
        Event("unmatched-status", counts.UnmatchedStatuses);
        Event("echo", counts.Echoes);
        Event("duplicate", counts.Duplicates);
        Event("alias-conflict", counts.AliasConflicts);
        Event("erased", counts.Erased);
        Event("opt-out", counts.OptOuts);
        _unknownNumbers.Add(counts.UnknownNumbers);
        foreach (var reason in counts.Quarantined)
            _quarantined.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    private void Event(string kind, int count)
    {
        if (count > 0)
            _events.Add(count, new KeyValuePair<string, object?>("kind", kind));
    }
}
