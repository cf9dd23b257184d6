using WpAsis.DataSubjectRequest.Data;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults("data-subject-request");
builder.AddServiceDatabase<DataSubjectRequestDbContext>("data-subject-request-db");
builder.AddMessaging<DataSubjectRequestDbContext>("data-subject-request", bus => { });

var app = builder.Build();
app.UseServiceDefaults();
await app.RunAsync();
