using Microsoft.Extensions.Logging;
using WpAsis.Privacy.KeyRings;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>
/// Destroys the content keys whose window has passed: from then on what was said is noise, wherever a copy lies (policy P1.4).
/// </summary>
internal sealed partial class DestroyExpiredContent(ContentKeyRing ring, ILogger<DestroyExpiredContent> logger) : Sweeper(logger)
{
    private readonly ILogger _logger = logger;

    public override bool Purges => true;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    protected override Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var epoch in ring.DestroyExpired())
        {
            Destroyed(_logger, epoch);
            Purged("content epochs", 1);
        }
        return Task.FromResult(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Content epoch {Epoch} was destroyed")]
    private static partial void Destroyed(ILogger logger, string epoch);
}
