using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Identity.Attempts;

/// <summary>An allowance: so many at once, and one more after each pause.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Capacity">So many at once.</param>
/// <param name="Pause">One comes back after this time.</param>
internal sealed record Allowance(string Name, int Capacity, TimeSpan Pause);

/// <summary>The allowances; <c>Limits:{name}</c> sets another capacity.</summary>
internal sealed class Allowances(IConfiguration configuration)
{
    public Allowance SignInByEmail { get; } = Of(configuration, nameof(SignInByEmail), 5, TimeSpan.FromMinutes(3));

    public Allowance SignInByAddress { get; } = Of(configuration, nameof(SignInByAddress), 50, TimeSpan.FromSeconds(6));

    public Allowance RegistrationByAddress { get; } = Of(configuration, nameof(RegistrationByAddress), 60, TimeSpan.FromSeconds(20));

    /// <summary>Nobody fills a stranger's mailbox through our forms.</summary>
    public Allowance RegistrationMail { get; } = Of(configuration, nameof(RegistrationMail), 5, TimeSpan.FromHours(4));

    public Allowance ConfirmationByAddress { get; } = Of(configuration, nameof(ConfirmationByAddress), 60, TimeSpan.FromSeconds(6));

    private static Allowance Of(IConfiguration configuration, string name, int capacity, TimeSpan pause) =>
        new(name, configuration.GetValue<int?>("Limits:" + name) ?? capacity, pause);
}

/// <summary>
/// A crowd at the till must not take every connection from those who are served: few pay at once, the others stand in line for a moment,
/// and who would stand longer is refused.
/// </summary>
internal sealed class PayingLine : IDisposable
{
    private const int AtOnce = 8;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);

    public Task<bool> TryEnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(LongestWait, cancellationToken);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();
}

/// <summary>
/// Takes one from an allowance, in one statement: two hundred guesses at once take no more than one by one.
/// It is paid before the costly work, so a guess that is not paid for is never evaluated.
/// </summary>
internal sealed class PayAttempt(IdentityDbContext db, BlindIndex index, PayingLine line, TimeProvider clock)
{
    public async Task<bool> TryPayAsync(Allowance allowance, string who, CancellationToken cancellationToken)
    {
        if (!await line.TryEnterAsync(cancellationToken))
            return false;
        try
        {
            return await PayAsync(allowance, who, cancellationToken);
        }
        finally
        {
            line.Leave();
        }
    }

    private async Task<bool> PayAsync(Allowance allowance, string who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = KeyOf(allowance, who);
        var refillPerSecond = 1 / allowance.Pause.TotalSeconds;
        var rows = await db.Database.ExecuteSqlAsync(
            $"""
            insert into attempt_bucket as b (key, spent, updated_at) values ({key}, 1, {now})
            on conflict (key) do update set
                spent = greatest(0, b.spent - greatest(0, extract(epoch from excluded.updated_at - b.updated_at)) * {refillPerSecond}) + 1,
                updated_at = greatest(b.updated_at, excluded.updated_at)
            where greatest(0, b.spent - greatest(0, extract(epoch from excluded.updated_at - b.updated_at)) * {refillPerSecond}) + 1
                <= {allowance.Capacity}
            """,
            cancellationToken
        );
        return rows == 1;
    }

    /// <summary>Gives one back: a right password is no guess.</summary>
    public Task RefundAsync(Allowance allowance, string who, CancellationToken cancellationToken)
    {
        var key = KeyOf(allowance, who);
        return db.Database.ExecuteSqlAsync(
            $"update attempt_bucket set spent = greatest(0, spent - 1) where key = {key}",
            cancellationToken
        );
    }

    /// <summary>A network address as it is counted: IPv6 by its /64, because a household has that many of them.</summary>
    public static string Counted(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private byte[] KeyOf(Allowance allowance, string who) => index.Of("attempt", $"{allowance.Name}:{who}");
}
