using System.Security.Cryptography;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Configuration;

/// <summary>The demonstration tenant and its business number, invented once per clone; nobody's real data.</summary>
public sealed record Demonstration
{
    private const string Digits = "0123456789";

    /// <summary>Reads what was invented, or invents it.</summary>
    public Demonstration(LocalSecrets secrets)
    {
        PhoneNumberId = secrets.Get("demo-phone-number-id", () => "1" + RandomNumberGenerator.GetString(Digits, 14));
        WabaId = secrets.Get("demo-waba-id", () => "2" + RandomNumberGenerator.GetString(Digits, 14));
        DisplayPhoneNumber = secrets.Get("demo-display-phone-number", () => "+90 850 " + RandomNumberGenerator.GetString(Digits, 7));
        AccessToken = secrets.Get("demo-access-token", () => "EAA" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        Email = secrets.Get("demo-email", () => $"demo-{RandomNumberGenerator.GetString(Digits, 4)}@wpasis.example");
        Password = secrets.Get("demo-password", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    }

    /// <summary>Meta's id of the number.</summary>
    public string PhoneNumberId { get; }

    /// <summary>Meta's id of the business account.</summary>
    public string WabaId { get; }

    /// <summary>The number as people read it.</summary>
    public string DisplayPhoneNumber { get; }

    /// <summary>Name of the business.</summary>
    public string VerifiedName { get; } = "WpAsis Demo";

    /// <summary>The token with which the gateway sends for the number.</summary>
    public string AccessToken { get; }

    /// <summary>The account that owns the tenant.</summary>
    public string Email { get; }

    /// <summary>Its password.</summary>
    public string Password { get; }

    /// <inheritdoc />
    public override string ToString() => Email;
}
