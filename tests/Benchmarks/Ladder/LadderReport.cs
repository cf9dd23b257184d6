using System.Globalization;

namespace WpAsis.Benchmarks.Ladder;

/// <summary>The figures as Markdown tables.</summary>
internal static class LadderReport
{
    public const string Head =
        "| Round | Rung | Connections | POST/s | p50 / p99 ms | at 100 POST/s: p50 / p99 ms | "
        + "CPU s per 1,000: app + PostgreSQL (+ RabbitMQ) | Memory MiB: peak / end | Rows / acknowledged at the end | "
        + "Done after s | Refused | Others |\n"
        + "|---|---|---|---|---|---|---|---|---|---|---|---|";

    public static string Row(string round, Measurement of)
    {
        string[] cells =
        [
            round,
            of.Rung,
            Text($"{of.Connections}"),
            Text($"{of.Load.PerSecond:N0}"),
            Text($"{of.Load.Percentile(0.5):0.0} / {of.Load.Percentile(0.99):0.0}"),
            of.Paced is null ? "-" : Text($"{of.Paced.Percentile(0.5):0.0} / {of.Paced.Percentile(0.99):0.0}"),
            Text($"{of.CpuPerThousand(MeasureRung.App):0.000} + {of.CpuPerThousand(MeasureRung.Postgres):0.000}")
                + Text($" (+ {of.CpuPerThousand(MeasureRung.Rabbit):0.000})"),
            Text($"{of.Memory.Peak:0} / {of.Memory.Now:0}"),
            of.Rung == "bare" ? "-" : Text($"{of.RowsAtEnd:N0} / {of.Load.Acknowledged:N0}"),
            of.Behind is { } behind ? Text($"{behind.TotalSeconds:0.00}") : "never",
            Text($"{of.Load.Refused}"),
            Text($"{of.Others:P0}"),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>Per number of connections: each rung's mean over the rounds, and its ratio to EF and to bare.</summary>
    public static List<string> Summaries(List<Measurement> measurements) =>
        [.. measurements.GroupBy(of => of.Connections).SelectMany(group => Summary(group.Key, [.. group]))];

    private static IEnumerable<string> Summary(int connections, List<Measurement> of)
    {
        yield return "";
        yield return Text($"Means over the rounds, {connections} connections:");
        yield return "";
        yield return "| Rung | POST/s | × EF | × bare | p99 ms | at 100 POST/s p99 ms | CPU s per 1,000, app + PostgreSQL |";
        yield return "|---|---|---|---|---|---|---|";
        var rates = ByRung(of).ToDictionary(rung => rung.Key, rung => rung.Average(one => one.Load.PerSecond), StringComparer.Ordinal);
        foreach (var rung in ByRung(of))
        {
            var cpu = rung.Average(one => one.CpuPerThousand(MeasureRung.App) + one.CpuPerThousand(MeasureRung.Postgres));
            var paced = rung.Where(one => one.Paced is not null)
                .Select(one => one.Paced!.Percentile(0.99))
                .DefaultIfEmpty(double.NaN)
                .Average();
            var p99 = rung.Average(one => one.Load.Percentile(0.99));
            var ratios = $"{Ratio(rates, rung.Key, "ef")} | {Ratio(rates, rung.Key, "bare")}";
            yield return Text($"| {rung.Key} | {rates[rung.Key]:N0} | {ratios} | {p99:0.0} | {paced:0.0} | {cpu:0.000} |");
        }
    }

    private static IEnumerable<IGrouping<string, Measurement>> ByRung(List<Measurement> of) =>
        of.GroupBy(one => one.Rung, StringComparer.Ordinal);

    private static string Ratio(Dictionary<string, double> rates, string rung, string other) =>
        rates.TryGetValue(other, out var rate) ? Text($"{rates[rung] / rate:0.00}") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
