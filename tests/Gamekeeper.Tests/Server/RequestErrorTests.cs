using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Gamekeeper.Tests.Server;

/// <summary>What is refused before any verb is reached; nothing here needs a database, which proves that none was asked.</summary>
public sealed class RequestErrorTests : IAsyncLifetime
{
    private ServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerHost.StartAsync(ServerHost.NoDatabase);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_unknown_address_is_told_as_such()
    {
        using var answer = await _server.Client.GetAsync("/v1/nothing-here");
        await answer.ProblemAsync(404, "request.no-such-route");
    }

    [Fact]
    public async Task A_wrong_method_is_told_with_the_right_ones()
    {
        using var answer = await _server.Client.DeleteAsync("/v1/accounts");
        var problem = await answer.ProblemAsync(405, "request.method-not-allowed");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("POST");
        answer.Content.Headers.Allow.ShouldContain("POST");
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_refused()
    {
        using var answer = await _server.Client.PostAsync("/v1/accounts", new StringContent("username=a", Encoding.UTF8, "application/x-www-form-urlencoded"));
        await answer.ProblemAsync(415, "request.unsupported-media-type");
    }

    [Theory]
    [InlineData("application/json; charset=foo")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=\"utf-16\"")]
    [InlineData("application/json; charset=\"\"")]
    public async Task A_body_that_says_it_is_not_utf8_is_refused(string contentType)
    {
        using var answer = await Post("{}", contentType);
        var problem = await answer.ProblemAsync(415, "request.unsupported-media-type");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    public async Task A_body_in_utf8_is_taken_however_that_is_written(string contentType)
    {
        using var answer = await Post("{}", contentType);
        await answer.ProblemAsync(400, "request.invalid");
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused()
    {
        using var answer = await Post(new string('x', 10_000_000));
        var problem = await answer.ProblemAsync(413, "request.too-large");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("1048576");
    }

    [Theory]
    [InlineData("", "request.body-missing", null)]
    [InlineData("null", "request.body-missing", null)]
    [InlineData("{", "request.malformed-json", "$")]
    [InlineData("{\"username\":\"ann\"", "request.malformed-json", "$")]
    [InlineData("[]", "request.wrong-type", "$")]
    [InlineData("5", "request.wrong-type", "$")]
    [InlineData("{\"username\":5}", "request.wrong-type", "username")]
    [InlineData("{\"username\":[\"ann\"]}", "request.wrong-type", "username")]
    [InlineData("{\"username\":\"a\\u0000nn\"}", "request.wrong-type", "username")]
    [InlineData("{\"username\":\"\\ud800\"}", "request.wrong-type", "username")]
    [InlineData("{\"username\":\"ann\",\"username\":\"bob\"}", "request.wrong-type", "username")]
    [InlineData("{\"username\":\"ann\",\"isOperator\":true}", "request.unknown-member", "isOperator")]
    [InlineData("{\"Username\":\"ann\"}", "request.unknown-member", "Username")]
    [InlineData("{}", "request.invalid", "username")]
    [InlineData("{\"username\":null}", "request.invalid", "username")]
    [InlineData("{\"username\":\"ab\"}", "request.invalid", "username")]
    public async Task A_body_that_is_not_as_documented_is_refused_with_the_path_of_the_member(string body, string code, string? field)
    {
        using var answer = await Post(body);
        var problem = await answer.ProblemAsync(400, code);
        if (field is not null)
            problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldContain(field);
    }

    [Fact]
    public async Task Limits_are_told_with_the_shape_of_what_was_given_and_never_the_value()
    {
        using var answer = await Post($$"""{"username":"{{new string('q', 51)}}"}""");
        var problem = await answer.ProblemAsync(400, "request.invalid");
        problem.GetProperty("errors").GetProperty("username")[0].GetString().ShouldBe("takes 3 to 50 characters; 51 were given");
        problem.ToString().ShouldNotContain("qqq");
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        using var body = new ByteArrayContent([.. "{\"username\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _server.Client.PostAsync("/v1/accounts", body);
        await answer.ProblemAsync(400, "request.wrong-type");
    }

    [Fact]
    public async Task A_document_deeper_than_the_limit_is_refused()
    {
        using var answer = await Post(string.Concat(Enumerable.Repeat("{\"username\":", 100)));
        ((int)answer.StatusCode).ShouldBe(400);
        Answers.ShapeOfProblem(answer, await answer.JsonAsync());
    }

    [Fact]
    public async Task An_id_that_is_no_uuid_is_refused_by_its_name()
    {
        using var answer = await _server.Client.GetAsync("/v1/accounts/not-a-uuid");
        var problem = await answer.ProblemAsync(400, "request.invalid");
        problem.GetProperty("errors").GetProperty("id")[0].GetString().ShouldNotBeNull().ShouldStartWith("takes a UUID");
    }

    [Fact]
    public async Task A_query_parameter_that_nobody_knows_is_refused()
    {
        using var answer = await _server.Client.GetAsync("/v1/accounts/01936f3e-5c1a-7000-8000-2b1d5c9e7a10?verbose=1");
        var problem = await answer.ProblemAsync(400, "request.unknown-parameter");
        problem.GetProperty("errors").TryGetProperty("verbose", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_request_keeps_the_id_its_caller_gave_it_when_that_is_a_uuid()
    {
        var mine = Guid.Parse("01936f3e-5c1a-7000-8000-2b1d5c9e7a10");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
        request.Headers.Add("X-Request-Id", mine.ToString());
        using var answer = await _server.Client.SendAsync(request);
        (await answer.JsonAsync()).GetProperty("requestId").GetGuid().ShouldBe(mine);

        using var other = new HttpRequestMessage(HttpMethod.Get, "/v1/nothing");
        other.Headers.Add("X-Request-Id", "my-request-7");
        using var replaced = await _server.Client.SendAsync(other);
        (await replaced.JsonAsync()).GetProperty("requestId").GetGuid().ShouldNotBe(mine);
    }

    [Fact]
    public async Task A_database_out_of_reach_is_told_with_when_to_come_back()
    {
        using var answer = await _server.Client.GetAsync("/v1/accounts/01936f3e-5c1a-7000-8000-2b1d5c9e7a10");
        await answer.ProblemAsync(503, "transactions.unavailable");
        answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task No_answer_names_the_server_and_each_forbids_guessing_its_type()
    {
        using var answer = await _server.Client.GetAsync("/health/live");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("X-Frame-Options").Single().ShouldBe("DENY");
    }

    [Fact]
    public async Task Without_its_database_the_process_is_live_and_not_ready()
    {
        using var live = await _server.Client.GetAsync("/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await _server.Client.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_credential_is_not_looked_up_for_a_probe()
    {
        // Nobody listens where the database should be: whoever looked the key up would answer 503.
        using var client = _server.NewClient($"gk_{Guid.Empty:N}_{new string('A', 43)}");
        using var live = await client.GetAsync("/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await client.GetAsync("/health/ready");
        (await ready.JsonAsync()).GetProperty("status").GetString().ShouldBe("not-ready");
    }

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 503)]
    [InlineData("/metrics", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/v1/accounts/not-a-uuid", 400)]
    [InlineData("/v1/nothing", 404)]
    [InlineData("/v1/accounts", 405)]
    public async Task Head_gets_what_get_gets_without_its_body(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await _server.Client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        // The connection is still in step: what was held back does not turn up before the next answer.
        using var next = await _server.Client.GetAsync("/health/live");
        (await next.JsonAsync()).GetProperty("status").GetString().ShouldBe("live");
    }

    private Task<HttpResponseMessage> Post(string body, string contentType = "application/json; charset=utf-8")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return _server.Client.PostAsync("/v1/accounts", content);
    }
}
