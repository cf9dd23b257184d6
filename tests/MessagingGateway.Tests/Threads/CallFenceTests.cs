using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Tests.Threads;

public sealed class CallFenceTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task However_slow_Graph_is_read_marks_leave_the_intake_its_connections()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var fence = world.Host.Services.GetRequiredService<CallFence>();
        var stop = TestContext.Current.CancellationToken;
        using var entered = new SemaphoreSlim(0);
        var slow = new TaskCompletionSource();
        var called = 0;
        var marks = Enumerable
            .Range(0, 40)
            .Select(_ =>
                fence.CallAsync(
                    TypedId.New<ThreadId>(TimeProvider.System),
                    () =>
                    {
                        Interlocked.Increment(ref called);
                        entered.Release();
                        return slow.Task;
                    },
                    stop
                )
            )
            .ToList();
        for (var i = 0; i < CallFence.Places; i++)
            await entered.WaitAsync(stop);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Soon);
        var intake = world.Host.Services.GetRequiredService<WorkDb<GatewayDbContext>>().DataSource;
        await using (await intake.OpenConnectionAsync(limit.Token))
            called.ShouldBe(CallFence.Places);
        // The others are left out, each after its own patience, and nobody waits for Graph.
        await UntilAsync(() => marks.Count(mark => mark.IsCompletedSuccessfully) == marks.Count - CallFence.Places);
        called.ShouldBe(CallFence.Places);
        slow.SetResult();
        await Task.WhenAll(marks);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
