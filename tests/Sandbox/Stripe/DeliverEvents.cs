using System.Threading.Channels;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Stripe;

/// <summary>
/// Posts events in the order in which they happened, once each, and again later where no 2xx came back, as Stripe does. While they are held
/// a test delivers them itself: twice, in another order, or never.
/// </summary>
internal sealed class DeliverEvents(PostEvent post, FaultList faults, StripeTime clock, Generation generation) : BackgroundService
{
    private const int Kept = 20_000;
    private static readonly TimeSpan[] Pauses = [.. new double[] { 1, 2, 5, 10, 30, 60, 300 }.Select(TimeSpan.FromSeconds)];
    private readonly Channel<StripeEvent> _queue = Channel.CreateUnbounded<StripeEvent>();
    private readonly Lock _lock = new();
    private readonly List<StripeEvent> _events = [];

    /// <summary>True: nothing is delivered unless a test says so.</summary>
    public bool Holds { get; set; }

    public StripeEvent Enqueue(StripeEvent happened)
    {
        lock (_lock)
        {
            _events.Add(happened);
            if (_events.Count > Kept)
                _events.RemoveAt(0);
        }
        if (!happened.Held)
            _queue.Writer.TryWrite(happened);
        return happened;
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StripeEvent> All()
    {
        lock (_lock)
            return [.. Enumerable.Reverse(_events)];
    }

    public StripeEvent? Find(string id)
    {
        lock (_lock)
            return _events.Find(happened => happened.Id == id);
    }

    public void Clear()
    {
        lock (_lock)
            _events.Clear();
        Holds = false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            if (Find(happened.Id) is null || await TryAsync(happened, stoppingToken))
                continue;
            // What fails comes again, and does not hold up what comes behind.
            _ = RepeatAsync(happened, stoppingToken);
        }
    }

    private async Task RepeatAsync(StripeEvent happened, CancellationToken stoppingToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, generation.Token);
        try
        {
            foreach (var pause in Pauses)
            {
                await Task.Delay(pause, clock, ends.Token);
                if (await TryAsync(happened, ends.Token))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // Reset or shutdown.
        }
    }

    private async Task<bool> TryAsync(StripeEvent happened, CancellationToken cancellationToken)
    {
        var fault = faults.Take("stripe-webhook", happened.Body);
        if (fault?.Kind == "slow")
            await Task.Delay(fault.Delay, clock, cancellationToken);
        if (fault?.Kind is "reset" or "timeout")
        {
            happened.Answer(0);
            return false;
        }
        var status = await post.RunAsync(happened.Body, "valid", cancellationToken);
        // The receiver has it, Stripe does not know: it will come again.
        if (fault?.Kind is "timeout-after-accept" or "status")
            status = fault.Kind == "status" ? fault.HttpStatus ?? 500 : 0;
        happened.Answer(status);
        return happened.Delivered;
    }
}
