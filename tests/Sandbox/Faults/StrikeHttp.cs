namespace WpAsis.Sandbox.Faults;

/// <summary>Faults that happen to a connection, whatever it carries.</summary>
internal static class StrikeHttp
{
    // Longer than any client waits.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(10);

    /// <summary>Plays the fault before the work. True: the call is over, nothing more is to be done.</summary>
    public static async Task<bool> BeforeAsync(this Fault? fault, HttpContext context, TimeProvider clock)
    {
        switch (fault?.Kind)
        {
            case "slow":
                await WaitAsync(fault.Delay, context, clock);
                return context.RequestAborted.IsCancellationRequested;
            case "timeout":
                await WaitAsync(Hang, context, clock);
                context.Abort();
                return true;
            case "reset":
                context.Abort();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Plays the fault after the work was done: the caller never learns that it was.</summary>
    public static async Task<bool> AfterAsync(this Fault? fault, HttpContext context, TimeProvider clock)
    {
        if (fault?.Kind != "timeout-after-accept")
            return false;
        await WaitAsync(fault.DelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : Hang, context, clock);
        context.Abort();
        return true;
    }

    private static async Task WaitAsync(TimeSpan time, HttpContext context, TimeProvider clock)
    {
        try
        {
            await Task.Delay(time, clock, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client gave up: that is what the fault is for.
        }
    }
}
