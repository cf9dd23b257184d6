using WpAsis.Identity.Accounts;
using WpAsis.Identity.Clients;
using WpAsis.Identity.Data;
using WpAsis.Identity.DataSubjects;
using WpAsis.Identity.Keys;
using WpAsis.Identity.Notices;
using WpAsis.Identity.Pages;
using WpAsis.Identity.Passwords;
using WpAsis.Identity.Retention;
using WpAsis.Identity.Sessions;
using WpAsis.Identity.Tokens;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddIssuerDefaults("identity");
builder.AddServiceDatabase<IdentityDbContext>("identity-db");
builder.AddMessaging<IdentityDbContext>(
    "identity",
    bus =>
    {
        bus.AddNotices();
        bus.AddDataSubjects();
    }
);
builder.AddKeys();
builder.AddPasswords();
builder.AddAccounts();
builder.AddSessions();
builder.AddClients();
builder.AddTokens();
builder.AddNotices();
builder.AddRetention();
builder.AddPages();
builder.AddDataSubjects();

var app = builder.Build();
app.UsePages();
app.UseServiceDefaults();
app.MapPages();
app.MapAccounts();
app.MapSessions();
app.MapTokens();
app.MapDataSubjects();
await app.RunAsync();
