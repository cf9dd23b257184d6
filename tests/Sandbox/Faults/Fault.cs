using System.Text.Json.Serialization;

namespace WpAsis.Sandbox.Faults;

/// <summary>A provider's misbehaviour, asked for by a test.</summary>
internal sealed class Fault
{
    public static readonly string[] Targets = ["graph", "openai", "webhook", "smtp", "stripe", "stripe-webhook"];

    public static readonly string[] Kinds =
    [
        "status",
        "timeout",
        "timeout-after-accept",
        "reset",
        "slow",
        "drop-status",
        "late-status",
        "duplicate-status",
        "fail-status",
        "invalid-json",
        "fenced",
        "refusal",
        "content-filter",
        "length",
    ];

    public string Id { get; set; } = "";

    public string Target { get; set; } = "";

    public string Kind { get; set; } = "";

    public int? HttpStatus { get; set; }

    public int? Code { get; set; }

    public int? RetryAfterSeconds { get; set; }

    public int? DelayMs { get; set; }

    /// <summary>How often it strikes. Absent: once, or without end where a rate is given.</summary>
    public int? Times { get; set; }

    /// <summary>Probability of each strike, 0 to 1.</summary>
    public double? Rate { get; set; }

    /// <summary>Only calls whose path or body hold this text.</summary>
    public string? Match { get; set; }

    /// <summary>Status faults only: <c>sent</c>, <c>delivered</c> or <c>read</c>; absent: all of a send.</summary>
    public string? Only { get; set; }

    public int Struck { get; set; }

    [JsonIgnore]
    public TimeSpan Delay => TimeSpan.FromMilliseconds(DelayMs ?? 3000);

    [JsonIgnore]
    public bool Spent => (Times ?? (Rate is null ? 1 : int.MaxValue)) <= Struck;

    /// <summary>Spoils what a model says; means nothing to calls that say nothing.</summary>
    [JsonIgnore]
    public bool OfAnswer => Kind is "invalid-json" or "fenced" or "refusal" or "content-filter" or "length";

    [JsonIgnore]
    public bool OfStatus => Kind.EndsWith("-status", StringComparison.Ordinal);
}
