using WpAsis.DataSubjectRequest.Archives;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Pages;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.DataSubjectRequest.Retention;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;
using WpAsis.Web;

const string Service = "data-subject-request";

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults(Service);
builder.AddServiceDatabase<DataSubjectRequestDbContext>("data-subject-request-db");
builder.AddVault(Service);
builder.AddMessaging<DataSubjectRequestDbContext>(Service, bus => bus.AddRequests());
builder.AddRequests();
builder.AddArchives();
builder.AddRetention();
builder.AddPages();

var app = builder.Build();
app.UseWeb();
app.UseServiceDefaults();
app.MapRequests();
app.MapArchives();
app.MapPages();
await app.RunAsync();
