<h1>{{name}}</h1>
% for fact in facts:
<li>{{fact}}</li>
% end
