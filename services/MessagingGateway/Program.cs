using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Media;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Retention;
using WpAsis.MessagingGateway.Threads;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults("messaging-gateway");
builder.AddVault("messaging-gateway");
builder.AddContentSealing();
builder.AddServiceDatabase<GatewayDbContext>("messaging-gateway-db", GatewayTables.MessageLog, GatewayTables.DeliveryAttempt);
builder.AddMessaging<GatewayDbContext>(
    "messaging-gateway",
    bus =>
    {
        bus.AddReplyConsumers();
        bus.AddChannelConsumers();
    }
);
builder.AddWebhooks();
builder.AddContacts();
builder.AddThreads();
builder.AddCloudApi();
builder.AddChannels();
builder.AddReplies();
builder.AddMedia();
builder.AddRetention();

var app = builder.Build();
app.UseServiceDefaults();
app.MapWebhooks();
app.MapChannels();
app.MapThreads();
app.MapMedia();
await app.RunAsync();
