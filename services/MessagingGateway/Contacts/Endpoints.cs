namespace WpAsis.MessagingGateway.Contacts;

internal static class Endpoints
{
    public static void AddContacts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AliasIndex>();
        builder.Services.AddSingleton<ResolveContacts>();
        builder.Services.AddSingleton<RenameContacts>();
        builder.Services.AddSingleton<ChangeOptOut>();
        builder.Services.AddSingleton<RecordPreferences>();
    }
}
