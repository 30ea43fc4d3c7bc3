using System.Net;
using Gamekeeper.Tests.Rules;

namespace Gamekeeper.Tests.Server;

public sealed class OpenApiTests : IAsyncLifetime
{
    private ServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerHost.StartAsync(ServerHost.NoDatabase);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_document_is_the_one_that_was_reviewed() =>
        Accepted.Compare("docs/reference/openapi.json", await _server.Client.GetStringAsync("/openapi/v1.json") + "\n");

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_refusals()
    {
        var document = Fuzzing.ApiDocument.Parse(await _server.Client.GetStringAsync("/openapi/v1.json"));
        var operations = document.Operations();
        operations.Count.ShouldBeGreaterThan(30);
        operations.Select(o => o.Id).ShouldBeUnique();
        foreach (var operation in operations)
        {
            operation.Summary.ShouldNotBeNullOrWhiteSpace(operation.ToString());
            operation.Statuses.ShouldContain("400", operation.ToString());
            operation.Statuses.ShouldContain(s => s.StartsWith('2'), operation.ToString());
        }
    }

    [Fact]
    public async Task The_page_is_served_from_here_and_sends_a_browser_nowhere_else()
    {
        using var page = await _server.Client.GetAsync("/docs/index.html");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldNotContain("https://");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
        using var script = await _server.Client.GetAsync("/docs/swagger-ui-bundle.js");
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
