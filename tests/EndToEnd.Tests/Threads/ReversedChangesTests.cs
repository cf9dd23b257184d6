using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.EndToEnd.Tests.Intake;
using WpAsis.EndToEnd.Tests.Watching;

namespace WpAsis.EndToEnd.Tests.Threads;

/// <summary>Nothing relies on the order in which the bus delivers.</summary>
public sealed class ReversedChangesTests(RunningSystem system)
{
    private const string Changes = "ai-responder-change-thread";
    private const string Batches = "ai-responder-receive-messages";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Changes_that_come_in_reverse_order_and_before_the_first_message_leave_the_last_word_standing()
    {
        var business = await system.OpenBusinessAsync();
        var responder = system.System.Find("ai-responder");
        var (released, taken, known) = (Meta.NewContact(), Meta.NewContact(), Meta.NewContact());
        await business.WriteAsync(known, "when are you open on Saturday?");
        await business.WaitForReplyAsync(known);
        var thread = await business.NewestThreadAsync();

        await responder.StopAsync(StopLimit);
        string releasedThread,
            takenThread;
        List<HeldMessage> changes,
            batches;
        try
        {
            await business.WriteAsync(released, "when are you open on Saturday?");
            releasedThread = await ThreadAfterAsync(business, thread);
            await business.WriteAsync(taken, "when are you open on Saturday?");
            takenThread = await ThreadAfterAsync(business, releasedThread);
            await ChangeAsync(business, thread, "take-over", "release");
            await ChangeAsync(business, releasedThread, "take-over", "release");
            await ChangeAsync(business, takenThread, "take-over", "release", "take-over");
            changes = await system.Bus.HoldAsync(Changes, 7);
            batches = await system.Bus.HoldAsync(Batches, 2);
        }
        finally
        {
            responder.Start();
        }
        changes.Reverse();
        await system.Bus.DeliverAsync(Changes, changes);
        await RunningSystem.UntilAsync(
            "the responder knows the last word",
            async () => await VersionAsync(releasedThread) == 3 && await VersionAsync(takenThread) == 4
        );
        await system.Bus.DeliverAsync(Batches, batches);

        (await business.WaitForReplyAsync(released)).ShouldContain("10:00");
        await business.WriteAsync(known, "and when are you open on Saturday?");
        (await business.WaitForReplyAsync(known, 2)).ShouldContain("10:00");
        await business.PassMarkerAsync(Meta.NewContact());
        (await business.RepliesToAsync(taken)).ShouldBeEmpty("the assistant spoke over a person");

        await ChangeAsync(business, takenThread, "release");
        await business.WriteAsync(taken, "hello? when are you open on Saturday?");
        (await business.WaitForReplyAsync(taken)).ShouldContain("10:00");
    }

    private static async Task ChangeAsync(Business business, string thread, params string[] changes)
    {
        foreach (var change in changes)
            await business.CallAsync(HttpMethod.Post, "messaging-gateway", $"/threads/{thread}/{change}");
    }

    private static async Task<string> ThreadAfterAsync(Business business, string before)
    {
        var newest = before;
        await RunningSystem.UntilAsync("a new thread", async () => (newest = await business.NewestThreadAsync()) != before);
        return newest;
    }

    private async Task<long> VersionAsync(string thread)
    {
        await using var database = system.OpenDatabase("ai-responder");
        var id = Guid.Parse(thread["thr_".Length..]);
        return (await database.ReadAsync<long>("select thread_version from turn_clock where thread_id = $1", id)).SingleOrDefault();
    }
}
