using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.DataSubjects;
using WpAsis.AiResponder.Profiles;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Retention;
using WpAsis.AiResponder.Tenants;
using WpAsis.AiResponder.Threads;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults("ai-responder");
builder.AddVault("ai-responder");
builder.AddContentSealing();
builder.AddServiceDatabase<ResponderDbContext>("ai-responder-db");
builder.AddChatModels();
builder.AddTurns();
builder.Services.AddReplies();
builder.Services.AddUsages();
builder.Services.AddRetention();
builder.AddMessaging<ResponderDbContext>(
    "ai-responder",
    bus =>
    {
        bus.AddTurns();
        bus.AddReplies();
        bus.AddUsages();
        bus.AddTenants();
        bus.AddDataSubjects();
    }
);

var app = builder.Build();
app.UseServiceDefaults();
app.MapProfiles();
app.MapDataSubjects();
app.MapThreads();
await app.RunAsync();
