using System.Globalization;
using System.Text;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>What a run prints: it is kept as its proof.</summary>
internal sealed class Report(string what, RunningSystem system)
{
    private readonly StringBuilder _lines = new($"{what}\n");
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public void Add(string line) => _lines.Append("  ").Append(line).Append('\n');

    public void Add(IReadOnlyCollection<Kill> kills)
    {
        foreach (
            var ofService in kills.GroupBy(kill => kill.Service, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
        )
        {
            var moments = ofService
                .CountBy(kill => kill.Moment, StringComparer.Ordinal)
                .OrderBy(moment => moment.Key, StringComparer.Ordinal);
            Add($"kill -9 of {ofService.Key}: {ofService.Count()} ({Join(moments)})");
        }
        var before = kills.Count(kill => kill.NotTaken > 0);
        var after = kills.Count(kill => kill.Taken > 0);
        Add(
            $"of them between send row and outcome: {kills.Count(kill => kill.NotTaken + kill.Taken > 0)} "
                + $"(before Graph took it: {before}, after: {after})"
        );
    }

    public async Task AddAsync(Crowd crowd)
    {
        Add($"first answers to the webhooks: {Join(crowd.FirstAnswers)}");
        var webhooks = await system.ReadControlAsync("webhooks");
        Add($"webhooks delivered: {webhooks.GetProperty("delivered")}, sent again: {webhooks.GetProperty("repeated")}");
    }

    public void Add(Books books) =>
        Add(
            $"contacts answered: {books.Answered}, twice: {books.Twice}; replies accepted: {books.Accepted}, open: {books.Open}, "
                + $"unknown: {books.Unknown}, dropped: {books.Dropped}; reservations settled: {books.Settled}, open: {books.Reserved}; "
                + $"counted: {books.Counted}; quarantined or in an error queue: {books.Lost}"
        );

    /// <summary>Who did the work: the processes of a service, by the spans of a step.</summary>
    public IReadOnlyDictionary<string, int> Add(string service, string step)
    {
        var counts = system.Telemetry.CountSpans(service, step);
        Add($"{step}: {Join(counts.OrderBy(count => count.Key, StringComparer.Ordinal))}");
        return counts;
    }

    public void Print()
    {
        var seconds = TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
        Add(string.Create(CultureInfo.InvariantCulture, $"took {seconds:0} s"));
        TestContext.Current.TestOutputHelper!.WriteLine(_lines.ToString());
    }

    private static string Join<TKey>(IEnumerable<KeyValuePair<TKey, int>> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Key} × {count.Value.ToString(CultureInfo.InvariantCulture)}"));
}
