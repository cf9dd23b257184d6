using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.DataSubjectRequest.Requests;

namespace WpAsis.DataSubjectRequest.Tests.Requests;

public sealed class WatchDeadlinesTests(DataSubjectRequestApplication app)
{
    [Fact]
    public async Task An_unanswered_request_raises_an_alarm_at_50_75_90_and_100_per_cent_of_its_time_and_an_answered_one_does_not()
    {
        var person = new Person(app);
        var id = await person.AskAsync("""{"kind":"Erasure"}""");
        var watch = app.Services.GetRequiredService<WatchDeadlines>();
        var received = app.Clock.GetUtcNow();
        var time = Deadline.Of(received) - received;

        var seen = new List<int>();
        foreach (var share in (double[])[0.4, 0.51, 0.76, 0.91, 1.01])
        {
            await app.AdvanceAsync(received + (time * share) - app.Clock.GetUtcNow());
            var ageing = await watch.FindAsync(TestContext.Current.CancellationToken);
            seen.AddRange(ageing.Where(request => request.RequestId == id).Select(request => request.UsedPercent));
            Gauge().Values.Sum().ShouldBe(ageing.Count);
        }

        seen.ShouldBe([51, 76, 91, 101]);
        Gauge()[100].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z", 0)]
    [InlineData("2026-11-02T10:00:00Z", "2026-11-17T10:00:00Z", 50)]
    [InlineData("2026-11-02T10:00:00Z", "2026-12-02T10:00:00Z", 100)]
    [InlineData("2027-02-01T10:00:00Z", "2027-02-15T10:00:00Z", 50)]
    public void The_time_that_is_used_up_is_a_share_of_the_earliest_deadline(string received, string now, int used) =>
        Deadline.Used(At(received), At(now)).ShouldBe(used);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<int, int> Gauge()
    {
        var seen = new Dictionary<int, int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "wpasis.requests.ageing")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>(
            (_, count, tags, _) =>
            {
                foreach (var (_, used) in tags)
                    seen[(int)used!] = count;
            }
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
