using System.Globalization;
using System.Security.Cryptography;
using WpAsis.AppHost.Native.Seeding;

namespace WpAsis.EndToEnd.Tests.Businesses;

/// <summary>Makes a customer of a test's own, as the demonstration is made: registered, confirmed, connected, on plan pro.</summary>
public static class OpenBusiness
{
    private static int _opened;

    /// <summary>A business with a number of the test's choice, or one nobody has.</summary>
    public static async Task<Business> OpenBusinessAsync(this RunningSystem system, string? phoneNumberId = null, string? wabaId = null)
    {
        var number = Interlocked.Increment(ref _opened).ToString("00000", CultureInfo.InvariantCulture);
        var account = system.Run.Demo with
        {
            Email = $"owner-{number}@business.example",
            Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
            TenantId = null,
            PhoneNumberId = phoneNumberId ?? $"30000000{number}",
            WabaId = wabaId ?? $"40000000{number}",
        };
        var accessToken = await system.MakeNumberAsync(account.PhoneNumberId, account.WabaId);
        system.Secrets.Add("e-mail", account.Email);
        system.Secrets.Add("password", account.Password);

        using var seed = new SeedDemo(
            system.Run with
            {
                Demo = account,
            },
            accessToken,
            system.System.Environment.OperatorSecret,
            TimeProvider.System
        );
        return new Business(system, account with { TenantId = await seed.RunAsync(TestContext.Current.CancellationToken) });
    }

    /// <summary>Makes a number known at Meta; answers with the token that speaks for it.</summary>
    public static async Task<string> MakeNumberAsync(this RunningSystem system, string phoneNumberId, string wabaId)
    {
        var accessToken = "EAA" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        system.Secrets.Add("number's token", accessToken);
        // A display number of its own: one trial per number.
        var displayPhoneNumber = "+90 850 " + RandomNumberGenerator.GetString("0123456789", 7);
        await system.ControlAsync(
            "graph/numbers",
            new
            {
                phoneNumberId,
                wabaId,
                displayPhoneNumber,
                accessToken,
                verifiedName = "Test",
            }
        );
        return accessToken;
    }
}
