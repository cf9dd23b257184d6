namespace WpAsis.MessagingGateway.Contacts;

internal static class Endpoints
{
    public static void AddContacts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AliasIndex>();
        builder.Services.AddSingleton<StoreContacts>();
        builder.Services.AddSingleton<ResolveContacts>();
    }
}
