using Microsoft.AspNetCore.Identity;
using WpAsis.Identity.Accounts;

namespace WpAsis.Identity.Passwords;

/// <summary>No endpoint of its own: what sign-up and sign-in do with a password.</summary>
internal static class PasswordsFeature
{
    public static void AddPasswords(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HashGate>();
        builder.Services.AddSingleton<Argon2Hasher>();
        builder.Services.AddSingleton<IPasswordHasher<Account>>(provider => provider.GetRequiredService<Argon2Hasher>());
    }
}
