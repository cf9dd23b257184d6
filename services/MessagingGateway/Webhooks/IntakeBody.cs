using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>What became of a body that was handed to the writer.</summary>
internal enum IntakeOutcome
{
    /// <summary>Committed.</summary>
    Stored,

    /// <summary>The database could not be reached.</summary>
    Away,

    /// <summary>More is waiting than may wait.</summary>
    Full,
}

/// <summary>One POST on its way through the writer to the splitter. Whoever holds it last disposes it.</summary>
internal sealed class IntakeBody(
    Guid id,
    DateTimeOffset arrivedAt,
    PooledBody bytes,
    SealedContent sealedBytes,
    string? traceParent,
    int attempts = 1
) : IDisposable
{
    private readonly TaskCompletionSource<IntakeOutcome> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Id { get; } = id;

    public DateTimeOffset ArrivedAt { get; } = arrivedAt;

    public ReadOnlyMemory<byte> Bytes => bytes.Memory;

    public int Length => bytes.Length;

    public SealedContent Sealed { get; } = sealedBytes;

    public string? TraceParent { get; } = traceParent;

    /// <summary>How often it was taken up, this time included.</summary>
    public int Attempts { get; } = attempts;

    public Task<IntakeOutcome> Stored => _stored.Task;

    public void Answer(IntakeOutcome outcome) => _stored.TrySetResult(outcome);

    public void Dispose() => bytes.Dispose();
}
