using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.DataSubjects;
using WpAsis.MessagingGateway.Media;
using WpAsis.MessagingGateway.Messages;
using WpAsis.MessagingGateway.Operators;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Retention;
using WpAsis.MessagingGateway.Threads;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

const string Service = "messaging-gateway";

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults(Service);
builder.AddServiceDatabase<GatewayDbContext>("messaging-gateway-db", GatewayTables.MessageLog, GatewayTables.DeliveryAttempt);
builder.AddVault(Service);
builder.AddContentSealing();
builder.AddMessaging<GatewayDbContext>(
    Service,
    bus =>
    {
        bus.AddChannelConsumers();
        bus.AddReplyConsumers();
        bus.AddDataSubjects();
    }
);

builder.AddWebhooks();
builder.AddContacts();
builder.AddMessages();
builder.AddCloudApi();
builder.AddChannels();
builder.AddThreads();
builder.AddReplies();
builder.AddMedia();
builder.AddOperators();
builder.AddRetention();
builder.AddDataSubjects();

var app = builder.Build();
app.UseServiceDefaults();
app.MapWebhooks();
app.MapChannels();
app.MapThreads();
app.MapMedia();
app.MapDataSubjects();
app.MapOperators();
await app.RunAsync();
