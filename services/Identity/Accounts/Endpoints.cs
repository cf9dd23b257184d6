using Microsoft.AspNetCore.Identity;
using WpAsis.Identity.Attempts;

namespace WpAsis.Identity.Accounts;

/// <summary>Sign-up, confirmation and the person's own account.</summary>
internal static class AccountsFeature
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddIdentityCore<Account>(options => options.User.RequireUniqueEmail = false).AddUserStore<AccountStore>();
        builder.Services.AddScoped<ILookupNormalizer, AccountNames>();
        builder.Services.AddScoped<AccountStore>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddScoped<Confirmation>();
        builder.Services.AddSingleton<ConfirmationToken>();
        builder.Services.AddSingleton<Allowances>();
        builder.Services.AddSingleton<PayingLine>();
        builder.Services.AddScoped<PayAttempt>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapRegisterAccount();
        routes.MapConfirmEmail();
        routes.MapGetAccount();
    }
}
