using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Tests.Sweeping;

public sealed class SweeperTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_sweep_that_fails_does_not_end_the_sweeper()
    {
        using var sweeper = new Counting(NullLogger.Instance, failures: 2);
        await sweeper.StartAsync(TestContext.Current.CancellationToken);

        await sweeper.Reached(3).WaitAsync(Limit, TestContext.Current.CancellationToken);

        await sweeper.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_sweep_that_fails_is_tried_again_soon_however_seldom_it_is_due()
    {
        using var sweeper = new Counting(NullLogger.Instance, failures: 1, interval: TimeSpan.FromHours(1));
        await sweeper.StartAsync(TestContext.Current.CancellationToken);

        await sweeper.Reached(2).WaitAsync(Limit, TestContext.Current.CancellationToken);

        await sweeper.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_now_goes_on_until_nothing_is_left()
    {
        using var sweeper = new Counting(NullLogger.Instance, rounds: 5);

        await sweeper.RunNowAsync(TestContext.Current.CancellationToken);

        sweeper.Sweeps.ShouldBe(5);
    }

    [Fact]
    public async Task Many_wakes_make_one_run()
    {
        using var sweeper = new Counting(NullLogger.Instance, interval: TimeSpan.FromHours(1));
        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await sweeper.Reached(1).WaitAsync(Limit, TestContext.Current.CancellationToken);

        for (var i = 0; i < 100; i++)
            sweeper.Wake();
        await sweeper.Reached(2).WaitAsync(Limit, TestContext.Current.CancellationToken);

        sweeper.Sweeps.ShouldBeLessThan(10);
        await sweeper.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Counting(ILogger logger, int failures = 0, int rounds = 1, TimeSpan? interval = null) : Sweeper(logger)
    {
        private readonly Lock _gate = new();
        private readonly List<(int Count, TaskCompletionSource Done)> _waiting = [];
        private int _sweeps;

        public int Sweeps => Volatile.Read(ref _sweeps);

        protected override TimeSpan Interval => interval ?? TimeSpan.FromMilliseconds(10);

        public Task Reached(int count)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (_sweeps >= count)
                    return Task.CompletedTask;
                _waiting.Add((count, done));
            }
            return done.Task;
        }

        protected override Task<bool> SweepAsync(CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                _sweeps++;
                foreach (var (_, done) in _waiting.Where(waiting => waiting.Count <= _sweeps))
                    done.TrySetResult();
            }
            return _sweeps <= failures ? throw new InvalidOperationException("as asked") : Task.FromResult(_sweeps < rounds);
        }
    }
}
