using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>Posts a webhook until it is answered with 2xx, waiting longer each time, as Meta does.</summary>
internal sealed partial class DeliverWebhook(PostSigned post, Generation generation, TimeProvider clock, ILogger<DeliverWebhook> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private long _delivered;
    private long _pending;
    private long _repeated;

    public object Counts =>
        new
        {
            delivered = Interlocked.Read(ref _delivered),
            pending = Interlocked.Read(ref _pending),
            repeated = Interlocked.Read(ref _repeated),
        };

    /// <summary>Counts from zero again; what is still on its way ends with its generation.</summary>
    public void ClearCounts()
    {
        Interlocked.Exchange(ref _delivered, 0);
        Interlocked.Exchange(ref _repeated, 0);
    }

    /// <summary>Answers the status of the first attempt; further attempts go on behind it.</summary>
    /// <param name="body">The bytes that are signed and posted.</param>
    /// <param name="attempted">Told of each attempt.</param>
    public async Task<int> DeliverAsync(byte[] body, Action<int>? attempted = null)
    {
        var token = generation.Token;
        Interlocked.Increment(ref _pending);
        var status = await AttemptAsync(body, attempted, token);
        if (status is >= 200 and < 300)
            Settle();
        else
            _ = RepeatAsync(body, attempted, token);
        return status;
    }

    private async Task RepeatAsync(byte[] body, Action<int>? attempted, CancellationToken token)
    {
        try
        {
            for (var wait = TimeSpan.FromSeconds(1); ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            {
                await Task.Delay(wait, clock, token);
                Interlocked.Increment(ref _repeated);
                if (await AttemptAsync(body, attempted, token) is >= 200 and < 300)
                    break;
            }
            Settle();
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private async Task<int> AttemptAsync(byte[] body, Action<int>? attempted, CancellationToken token)
    {
        int status;
        try
        {
            status = await post.PostAsync(body, token);
        }
        catch (OperationCanceledException)
        {
            status = 0;
        }
        if (status is < 200 or >= 300)
            LogRefused(logger, status);
        attempted?.Invoke(status);
        return status;
    }

    private void Settle()
    {
        Interlocked.Decrement(ref _pending);
        Interlocked.Increment(ref _delivered);
    }

    [LoggerMessage(LogLevel.Information, "A webhook was answered with {Status} (0: nobody answered); it comes again.")]
    private static partial void LogRefused(ILogger logger, int status);
}
