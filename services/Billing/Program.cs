using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Data;
using WpAsis.Billing.DataSubjects;
using WpAsis.Billing.Invoices;
using WpAsis.Billing.Plans;
using WpAsis.Billing.Retention;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tenants;
using WpAsis.Billing.Trials;
using WpAsis.Billing.Usage;
using WpAsis.Billing.WhatsAppCosts;
using WpAsis.ServiceDefaults;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddApiDefaults("billing");
builder.AddVault("billing");
builder.AddServiceDatabase<BillingDbContext>("billing-db");
builder.AddMessaging<BillingDbContext>(
    "billing",
    bus =>
    {
        bus.AddSubscriptions();
        bus.AddTrials();
        bus.AddUsage();
        bus.AddWhatsAppCosts();
        bus.AddDataSubjects();
    }
);
builder.AddTenants();
builder.AddSubscriptions();
builder.AddUsage();
builder.AddStripe();
builder.AddCheckouts();
builder.AddRetention();

var app = builder.Build();
app.UseServiceDefaults();
app.MapPlans();
app.MapSubscriptions();
app.MapUsage();
app.MapDataSubjects();
app.MapCheckouts();
app.MapInvoices();
app.MapStripe();
await app.RunAsync();
